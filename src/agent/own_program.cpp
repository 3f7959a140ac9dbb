#include "agent/own_program.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>

namespace hearth::agent {

OwnProgram::OwnProgram() {
    std::array<char, PATH_MAX> target{};
    const auto size = ::readlink("/proc/self/exe", target.data(), target.size());
    struct stat status{};
    if (size <= 0 || ::stat("/proc/self/exe", &status) != 0) return;
    path_.assign(target.data(), static_cast<std::size_t>(size));
    device_ = status.st_dev;
    inode_ = status.st_ino;
}

bool OwnProgram::replaced() const {
    struct stat status{};
    if (path_.empty() || ::stat(path_.c_str(), &status) != 0) return false;
    return status.st_dev != device_ || status.st_ino != inode_;
}

}  // namespace hearth::agent
