#include "agent/socket_watch.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace hearth::agent {
namespace {

constexpr std::uint32_t wanted =
    IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

}  // namespace

void SocketWatch::begin(std::function<void()> on_gone) {
    on_gone_ = std::move(on_gone);
    struct stat bound{};
    if (::lstat(places_.socket().c_str(), &bound) != 0) return;
    device_ = bound.st_dev;
    inode_ = bound.st_ino;
    // A new one each time: a folder that was removed and made again is another folder.
    events_ = Descriptor(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!events_.open() ||
        ::inotify_add_watch(events_.number(), places_.runtime_folder.c_str(), wanted) < 0) {
        events_ = {};
        return;
    }
    (void)loop_.watch(events_.number(), SocketLoop::Interest::read, *this);
}

bool SocketWatch::still_there() const {
    struct stat named{};
    return ::lstat(places_.socket().c_str(), &named) == 0 && named.st_dev == device_ &&
           named.st_ino == inode_;
}

void SocketWatch::ready(Ready /*what*/) {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    while (::read(events_.number(), buffer.data(), buffer.size()) > 0) {
    }
    if (still_there()) return;
    events_ = {};
    on_gone_();
}

}  // namespace hearth::agent
