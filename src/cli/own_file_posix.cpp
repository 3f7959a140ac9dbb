#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "cli/escape.hpp"
#include "cli/own_file.hpp"
#include "core/descriptor.hpp"

namespace hearth::cli {
namespace {

constexpr std::size_t most_names = 1000;

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

std::string too_long(std::size_t limit) {
    return "is longer than " + std::to_string(limit / 1024) + " KiB";
}

std::string problem_of(const struct stat& facts, std::size_t limit) {
    if (S_ISLNK(facts.st_mode)) return "is a symbolic link";
    if (!S_ISREG(facts.st_mode)) return "is not a file";
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0) return "belongs to somebody else";
    // A group of one's own is what many systems give each user.
    const bool group_writes = (facts.st_mode & S_IWGRP) != 0 && facts.st_gid != ::getegid();
    if ((facts.st_mode & S_IWOTH) != 0 || group_writes) return "can be written by others";
    if (static_cast<std::size_t>(facts.st_size) > limit) return too_long(limit);
    return "";
}

// Reads at most a byte more than what is allowed.
std::optional<Secret> read_all(int file, std::size_t limit) {
    SecretBuilder text;
    std::array<char, 4096> piece{};
    while (text.size() <= limit) {
        const auto size = ::read(file, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return std::nullopt;
        if (size == 0) break;
        text.append({piece.data(), static_cast<std::size_t>(size)});
    }
    return text.take();
}

void read(OwnFile& found, const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat facts{};
    if (!file.open() || ::fstat(file.number(), &facts) != 0) {
        found.problem = "cannot be read";
        return;
    }
    found.readable_by_others = (facts.st_mode & (S_IRGRP | S_IROTH)) != 0;
    found.problem = problem_of(facts, limit);
    if (!found.problem.empty()) return;
    auto text = read_all(file.number(), limit);
    if (!text) {
        found.problem = "cannot be read";
    } else if (text->size() > limit) {
        found.problem = too_long(limit);
    } else if (!is_utf8(text->reveal())) {
        found.problem = "is not UTF-8 text";
    } else {
        found.text = *std::move(text);
    }
}

}  // namespace

std::optional<OwnFile> own_file(const std::string& path, std::size_t limit) {
    OwnFile found;
    struct stat facts{};
    // Not opened before it is known to be a file: opening a device may do something.
    if (::lstat(path.c_str(), &facts) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        found.problem = "cannot be read";
        return found;
    }
    found.problem = problem_of(facts, limit);
    if (found.problem.empty()) read(found, path, limit);
    return found;
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.c_str()));
    while (open && names.size() < most_names) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): the folder is this function's alone.
        const auto* const entry = ::readdir(open.get());
        if (entry == nullptr) break;
        const std::string name(static_cast<const char*>(entry->d_name));
        if (name != "." && name != "..") names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
}

}  // namespace hearth::cli
