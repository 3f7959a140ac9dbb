#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "cli/escape.hpp"
#include "cli/project.hpp"
#include "core/descriptor.hpp"

namespace hearth::cli {
namespace {

constexpr std::string_view file_name = "/.hearth.toml";
constexpr std::size_t size_limit = 64UL * 1024;

struct FreeMemory {
    void operator()(char* memory) const noexcept { std::free(memory); }  // NOLINT
};
using Path = std::unique_ptr<char, FreeMemory>;

std::string problem_of(const struct stat& facts) {
    if (S_ISLNK(facts.st_mode)) return "is a symbolic link";
    if (!S_ISREG(facts.st_mode)) return "is not a file";
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0) return "belongs to somebody else";
    // A group of one's own is what many systems give each user.
    const bool group_writes = (facts.st_mode & S_IWGRP) != 0 && facts.st_gid != ::getegid();
    if ((facts.st_mode & S_IWOTH) != 0 || group_writes) return "can be written by others";
    if (static_cast<std::size_t>(facts.st_size) > size_limit) return "is longer than 64 KiB";
    return "";
}

// Reads at most a byte more than what is allowed.
std::optional<Secret> read_all(int file) {
    SecretBuilder text;
    std::array<char, 4096> piece{};
    while (text.size() <= size_limit) {
        const auto size = ::read(file, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return std::nullopt;
        if (size == 0) break;
        text.append({piece.data(), static_cast<std::size_t>(size)});
    }
    return text.take();
}

void read(Project& project, const std::string& path) {
    // Not opened before it is known to be a file: opening a device may do something.
    struct stat facts{};
    project.problem = ::lstat(path.c_str(), &facts) == 0 ? problem_of(facts) : "cannot be read";
    if (!project.problem.empty()) return;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.open() || ::fstat(file.number(), &facts) != 0) {
        project.problem = "cannot be read";
        return;
    }
    project.problem = problem_of(facts);
    if (!project.problem.empty()) return;
    auto text = read_all(file.number());
    if (!text) {
        project.problem = "cannot be read";
    } else if (text->size() > size_limit) {
        project.problem = "is longer than 64 KiB";
    } else if (!is_utf8(text->reveal())) {
        project.problem = "is not UTF-8 text";
    } else {
        project.text = *std::move(text);
    }
}

std::optional<std::string> working_folder() {
    const Path path(::getcwd(nullptr, 0));
    if (!path || *path != '/') return std::nullopt;
    return path.get();
}

bool same_folder(const std::string& path, const struct stat& folder) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 && facts.st_ino == folder.st_ino &&
           facts.st_dev == folder.st_dev;
}

}  // namespace

std::optional<Project> project_in(const std::string& folder) {
    const std::string path = (folder == "/" ? "" : folder) + std::string(file_name);
    struct stat facts{};
    // A folder into which one may not look has nothing to say.
    if (::lstat(path.c_str(), &facts) != 0) return std::nullopt;
    Project project;
    project.folder = folder;
    read(project, path);
    if (!is_utf8(folder)) {
        project.folder = escaped(folder);
        project.problem = "lies in a folder whose path is not UTF-8";
    }
    return project;
}

std::optional<Project> project_here(const Environment& environment) {
    auto folder = working_folder();
    if (!folder) return std::nullopt;
    struct stat home{};
    const auto home_path = environment("HOME");
    const bool has_home = home_path && ::stat(home_path->c_str(), &home) == 0;
    for (;;) {
        if (auto found = project_in(*folder)) return found;
        if (*folder == "/" || (has_home && same_folder(*folder, home))) return std::nullopt;
        const auto slash = folder->rfind('/');
        folder = slash == 0 ? "/" : folder->substr(0, slash);
    }
}

std::string whole_path(const std::string& path) {
    const Path whole(::realpath(path.c_str(), nullptr));
    if (whole) return whole.get();
    const auto from = working_folder();
    std::string text = path.starts_with('/') || !from ? path : *from + "/" + path;
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text;
}

void offer(const Project& project, Request& request) {
    request.text("project", project.folder);
    if (!project.problem.empty()) {
        request.text("project_problem", project.problem);
    } else {
        request.secret("project_text", project.text);
    }
}

}  // namespace hearth::cli
