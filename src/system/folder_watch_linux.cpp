#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "core/descriptor.hpp"
#include "system/blocked_signals.hpp"
#include "system/files.hpp"
#include "system/folder_watch.hpp"

namespace hearth::system {
namespace {

constexpr std::uint32_t wanted = IN_MOVED_TO | IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR;
constexpr int look_again_ms = 1000;  // How often a folder that has gone is looked for.

class InotifyWatch : public FolderWatch {
  public:
    InotifyWatch(Descriptor inotify, Descriptor stop, int watch, std::string folder,
                 std::function<void(std::string_view)> changed)
        : inotify_(std::move(inotify)),
          stop_(std::move(stop)),
          watch_(watch),
          folder_(std::move(folder)),
          changed_(std::move(changed)) {
        const BlockedSignals quiet;
        thread_ = std::jthread([this] { live(); });
    }
    ~InotifyWatch() override {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(stop_.number(), &one, sizeof one);
    }
    InotifyWatch(const InotifyWatch&) = delete;
    InotifyWatch& operator=(const InotifyWatch&) = delete;

  private:
    void live() {
        std::array<pollfd, 2> sources{{{.fd = inotify_.number(), .events = POLLIN, .revents = 0},
                                       {.fd = stop_.number(), .events = POLLIN, .revents = 0}}};
        while (true) {
            const int ready =
                ::poll(sources.data(), sources.size(), watch_ < 0 ? look_again_ms : -1);
            if (ready < 0 && errno != EINTR) return;
            if (ready > 0 && sources[1].revents != 0) return;
            if (ready > 0 && sources[0].revents != 0) read_events();
            if (watch_ < 0) find_folder();
        }
    }

    void read_events() {
        alignas(inotify_event) std::array<char, 4096> buffer{};
        const auto size = ::read(inotify_.number(), buffer.data(), buffer.size());
        for (ssize_t at = 0; at < size;) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* const name = buffer.data() + at + sizeof event;
            handle(event, event.len > 0 ? std::string_view(name) : std::string_view());
            at += static_cast<ssize_t>(sizeof event + event.len);
        }
    }

    void handle(const inotify_event& event, std::string_view name) {
        if ((event.mask & IN_Q_OVERFLOW) != 0) tell_all();
        if (event.wd != watch_) return;
        if ((event.mask & IN_MOVED_TO) != 0) changed_(name);
        if ((event.mask & (IN_MOVE_SELF | IN_DELETE_SELF | IN_IGNORED)) != 0) {
            (void)::inotify_rm_watch(inotify_.number(), watch_);
            watch_ = -1;
        }
    }

    void find_folder() {
        watch_ = ::inotify_add_watch(inotify_.number(), folder_.c_str(), wanted);
        if (watch_ >= 0) tell_all();
    }

    void tell_all() {
        std::error_code problem;
        for (std::filesystem::directory_iterator at(folder_, problem), end; !problem && at != end;
             at.increment(problem)) {
            changed_(at->path().filename().string());
        }
    }

    Descriptor inotify_;
    Descriptor stop_;
    int watch_;
    std::string folder_;
    std::function<void(std::string_view)> changed_;
    std::jthread thread_;  // Last, so that it is joined before what it uses goes.
};

}  // namespace

Result<std::unique_ptr<FolderWatch>> FolderWatch::open(
    const std::string& folder, std::function<void(std::string_view)> changed) {
    Descriptor inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify.open()) return std::unexpected(system_error("watch " + folder));
    Descriptor stop(::eventfd(0, EFD_CLOEXEC));
    if (!stop.open()) return std::unexpected(system_error("watch " + folder));
    const int watch = ::inotify_add_watch(inotify.number(), folder.c_str(), wanted);
    if (watch < 0) return std::unexpected(system_error("watch " + folder));
    return std::make_unique<InotifyWatch>(std::move(inotify), std::move(stop), watch, folder,
                                          std::move(changed));
}

}  // namespace hearth::system
