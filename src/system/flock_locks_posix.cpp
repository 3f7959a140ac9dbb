#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "core/descriptor.hpp"
#include "core/try.hpp"
#include "system/files.hpp"
#include "system/flock_locks.hpp"

namespace hearth::system {
namespace {

class OpenLock : public session::HeldLock {
  public:
    explicit OpenLock(Descriptor file) : file_(std::move(file)) {}

  private:
    Descriptor file_;  // Closing it lets the lock go.
};

// Nothing is made behind a folder that is a symbolic link.
Descriptor open_lock_file(const std::string& folder, const std::string& name) {
    const Descriptor place(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!place.open()) return {};
    constexpr int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    return Descriptor(::openat(place.number(), name.c_str(), flags, S_IRUSR | S_IWUSR));
}

// Whether `path` still names the file that is open: a folder restored from a backup has other
// files.
bool still_there(const Descriptor& file, const std::string& path) {
    struct stat opened{};
    struct stat named{};
    return ::fstat(file.number(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

int flock_now(const Descriptor& file) {
    int answer = 0;
    do {
        answer = ::flock(file.number(), LOCK_EX | LOCK_NB);
    } while (answer != 0 && errno == EINTR);
    return answer == 0 ? 0 : errno;
}

}  // namespace

Result<std::unique_ptr<session::HeldLock>> FlockLocks::try_acquire(const SessionId& id) {
    return try_file(id.text() + ".lock");
}

// A plus sign is in no name, so that a profile's lock is never another session's.
Result<std::unique_ptr<session::HeldLock>> FlockLocks::try_acquire_sign_in(
    const ProfileName& profile) {
    return try_file(profile.text() + "+signin.lock");
}

Result<std::unique_ptr<session::HeldLock>> FlockLocks::try_acquire_helper(
    const ProfileName& profile) {
    return try_file(profile.text() + "+helper.lock");
}

Result<std::unique_ptr<session::HeldLock>> FlockLocks::try_file(const std::string& name) const {
    const std::string path = folder_ + "/" + name;
    constexpr int replacements = 8;
    for (int i = 0; i < replacements; ++i) {
        Descriptor file = open_lock_file(folder_, name);
        if (!file.open() && (errno == ENOENT || errno == ENOTDIR)) {
            HEARTH_CHECK(ensure_private_folder(folder_));
            file = open_lock_file(folder_, name);
        }
        if (!file.open()) return std::unexpected(system_error("open the lock " + path));
        const int problem = flock_now(file);
        if (problem == EWOULDBLOCK) return nullptr;
        if (problem != 0) return std::unexpected(system_error("lock " + path, problem));
        if (still_there(file, path)) return std::make_unique<OpenLock>(std::move(file));
    }
    return std::unexpected(Error{Remedy::failed,
                                 "cannot lock " + path + ": it is being replaced all the time",
                                 "find what writes to " + folder_});
}

}  // namespace hearth::system
