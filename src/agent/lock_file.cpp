#include "agent/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hearth::agent {
namespace {

// A file that was replaced between its opening and its locking locks nobody else out.
bool still_there(int file, const std::string& path) {
    struct stat held{};
    struct stat named{};
    return ::fstat(file, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
           held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

Result<std::optional<Descriptor>> try_lock_file(const std::string& path) {
    while (true) {
        Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file.open()) return std::unexpected(system_error("open " + path));
        if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return std::optional<Descriptor>();
            return std::unexpected(system_error("lock " + path));
        }
        if (still_there(file.number(), path)) return file;
    }
}

}  // namespace hearth::agent
