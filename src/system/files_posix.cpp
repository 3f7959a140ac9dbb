#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "core/descriptor.hpp"
#include "core/try.hpp"
#include "system/files.hpp"

namespace hearth::system {
namespace {

Error refusal(const std::string& path, const std::string& why, std::string hint) {
    return Error{Remedy::failed, path + " " + why, std::move(hint)};
}

std::string without_trailing_slashes(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

std::string parent(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// Beside the target, and with a leading dot, which no session's name has.
std::string temporary_pattern(const std::string& path) {
    const auto slash = path.rfind('/');
    const auto start = slash == std::string::npos ? 0 : slash + 1;
    return path.substr(0, start) + "." + path.substr(start) + ".XXXXXX";
}

// Removes the temporary file unless it was renamed to what it is for.
class TemporaryFile {
  public:
    static Result<TemporaryFile> open_beside(const std::string& path) {
        std::string name = temporary_pattern(path);
        Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
        if (!file.open()) return std::unexpected(system_error("write " + path));
        return TemporaryFile(std::move(file), std::move(name));
    }
    TemporaryFile(TemporaryFile&& other) noexcept
        : file_(std::move(other.file_)), name_(std::exchange(other.name_, {})) {}
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (!name_.empty()) (void)::unlink(name_.c_str());
    }

    [[nodiscard]] int number() const noexcept { return file_.number(); }
    bool rename_to(const std::string& path) {
        if (::rename(name_.c_str(), path.c_str()) != 0) return false;
        name_.clear();
        return true;
    }

  private:
    TemporaryFile(Descriptor file, std::string name)
        : file_(std::move(file)), name_(std::move(name)) {}
    Descriptor file_;
    std::string name_;
};

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<> make_folder(const std::string& path) {
    if (::mkdir(path.c_str(), S_IRWXU) == 0) return sync_folder(parent(path));
    if (errno == EEXIST) return {};
    if (errno != ENOENT || parent(path) == path)
        return std::unexpected(system_error("create the folder " + path));
    HEARTH_CHECK(make_folder(parent(path)));
    if (::mkdir(path.c_str(), S_IRWXU) == 0) return sync_folder(parent(path));
    // Somebody else made it in between: that is what was wanted.
    if (errno == EEXIST) return {};
    return std::unexpected(system_error("create the folder " + path));
}

Result<Descriptor> open_folder(const std::string& path) {
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder.open()) return folder;
    if (errno != ENOTDIR && errno != ELOOP) {
        return std::unexpected(system_error("open the folder " + path));
    }
    struct stat facts{};
    const bool link = ::lstat(path.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode);
    if (link) {
        return std::unexpected(refusal(path,
                                       "is a symbolic link, and sessions are not kept behind one",
                                       "name the folder itself, or move it into place"));
    }
    return std::unexpected(refusal(path, "is not a folder", "move it away"));
}

Result<> close_to_others(const std::string& path) {
    const Descriptor folder = HEARTH_TRY(open_folder(path));
    struct stat facts{};
    if (::fstat(folder.number(), &facts) != 0) {
        return std::unexpected(system_error("look at the folder " + path));
    }
    if (facts.st_uid != ::geteuid()) {
        return std::unexpected(
            refusal(path, "belongs to another user (uid " + std::to_string(facts.st_uid) + ")",
                    "give it back with chown, or choose another folder with HEARTH_HOME"));
    }
    const bool open_to_others = (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    if (open_to_others && ::fchmod(folder.number(), S_IRWXU) != 0) {
        return std::unexpected(system_error("make the folder " + path + " private"));
    }
    return {};
}

// Reads at most one byte more than `limit`, so that the caller can tell that there is more.
Result<Secret> read_up_to(int file, std::size_t limit, const std::string& path) {
    SecretBuilder content;
    std::array<char, 4096> piece{};
    ssize_t got = 0;
    do {
        got = ::read(file, piece.data(), piece.size());
        if (got > 0) content.append({piece.data(), static_cast<std::size_t>(got)});
    } while ((got > 0 && content.size() <= limit) || (got < 0 && errno == EINTR));
    const int problem = errno;
    ::explicit_bzero(piece.data(), piece.size());
    if (got < 0) return std::unexpected(system_error("read " + path, problem));
    return content.take();
}

}  // namespace

Result<> ensure_private_folder(const std::string& path) {
    const std::string folder = without_trailing_slashes(path);
    if (folder.empty()) return std::unexpected(refusal("an empty path", "is not a folder", ""));
    HEARTH_CHECK(make_folder(folder));
    return close_to_others(folder);
}

Result<> atomic_write(const std::string& path, std::string_view bytes, unsigned mode) {
    auto temporary = HEARTH_TRY(TemporaryFile::open_beside(path));
    // mkostemp gives 0600; the change is explicit so that no umask widens or narrows it.
    const bool whole = ::fchmod(temporary.number(), static_cast<mode_t>(mode)) == 0 &&
                       write_all(temporary.number(), bytes) && ::fsync(temporary.number()) == 0 &&
                       temporary.rename_to(path);
    if (!whole) return std::unexpected(system_error("write " + path));
    return sync_folder(parent(path));
}

Result<std::optional<Secret>> read_secret_file(const std::string& path, std::size_t limit) {
    // O_NONBLOCK: a named pipe in the file's place must not hang the reader.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.open() && errno == ENOENT) return std::nullopt;
    if (!file.open() && errno == ELOOP) {
        return std::unexpected(refusal(path, "is a symbolic link", "put the file itself there"));
    }
    if (!file.open()) return std::unexpected(system_error("open " + path));
    struct stat facts{};
    if (::fstat(file.number(), &facts) != 0) return std::unexpected(system_error("read " + path));
    if (!S_ISREG(facts.st_mode)) return std::unexpected(refusal(path, "is not a regular file", ""));
    Secret content = HEARTH_TRY(read_up_to(file.number(), limit, path));
    if (content.size() > limit) {
        return std::unexpected(
            refusal(path, "is longer than " + std::to_string(limit) + " bytes", ""));
    }
    return content;
}

Result<> remove_file(const std::string& path) {
    if (::unlink(path.c_str()) == 0) return sync_folder(parent(path));
    if (errno == ENOENT) return {};
    return std::unexpected(system_error("remove " + path));
}

Result<> sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.open()) return std::unexpected(system_error("open the folder " + path));
    if (::fsync(folder.number()) == 0) return {};
    // Some file systems have nothing to sync in a folder and say so.
    if (errno == EINVAL || errno == ENOTSUP) return {};
    return std::unexpected(system_error("make changes in " + path + " durable"));
}

}  // namespace hearth::system
