#include "agent/socket_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "system/clock.hpp"

namespace hearth::agent {
namespace {

// Tasks and timers get their turn between as many descriptors.
constexpr int batch = 64;

Descriptor made(int descriptor, const char* what) {
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
    return Descriptor(descriptor);
}

std::uint32_t mask(SocketLoop::Interest interest) {
    switch (interest) {
        case SocketLoop::Interest::none:
            return 0;
        case SocketLoop::Interest::read:
            return EPOLLIN;
        case SocketLoop::Interest::write:
            return EPOLLOUT;
        case SocketLoop::Interest::both:
            return EPOLLIN | EPOLLOUT;
    }
    std::unreachable();
}

epoll_event event_for(SocketLoop::Interest interest, void* data) {
    epoll_event event{};
    event.events = mask(interest);
    event.data.ptr = data;
    return event;
}

itimerspec expiry(Span due) {
    // All zero would disarm the timer; anything in the past fires at once.
    const auto since_boot = std::max<std::chrono::nanoseconds>(due, std::chrono::nanoseconds(1));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
    itimerspec time{};
    time.it_value.tv_sec = seconds.count();
    time.it_value.tv_nsec = static_cast<long>((since_boot - seconds).count());
    return time;
}

void drain(int descriptor) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto size = ::read(descriptor, &count, sizeof count);
}

}  // namespace

SocketLoop::SocketLoop()
    : epoll_(made(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(made(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      timer_(made(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create")) {
    // The loop's own two are told apart from watchers by where their data points.
    for (auto* const own : {&wake_, &timer_}) {
        auto event = event_for(Interest::read, own);
        if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, own->number(), &event) != 0) {
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
        }
    }
}

bool SocketLoop::watch(int descriptor, Interest interest, Watcher& watcher) {
    auto event = event_for(interest, &watcher);
    return ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void SocketLoop::change(int descriptor, Interest interest, Watcher& watcher) {
    auto event = event_for(interest, &watcher);
    (void)::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, descriptor, &event);
}

void SocketLoop::forget(int descriptor) noexcept {
    (void)::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, descriptor, nullptr);
}

void SocketLoop::post(Task task) {
    bool wake = false;
    {
        const std::scoped_lock lock(mutex_);
        tasks_.push_back(std::move(task));
        wake = std::exchange(asleep_, false);
    }
    if (!wake) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto size = ::write(wake_.number(), &one, sizeof one);
}

session::Loop::TimerId SocketLoop::at(Span boot, Task task) {
    const auto id = timers_.add(boot, std::move(task));
    arm();
    return id;
}

void SocketLoop::cancel(TimerId timer) { timers_.cancel(timer); }

// A timer that was cancelled may still fire: then nothing is due, and the next one is armed.
void SocketLoop::arm() {
    const auto earliest = timers_.earliest();
    if (!earliest || (armed_ && *armed_ <= *earliest)) return;
    const auto time = expiry(*earliest);
    if (::timerfd_settime(timer_.number(), TFD_TIMER_ABSTIME, &time, nullptr) != 0) {
        throw std::system_error(errno, std::generic_category(), "timerfd_settime");
    }
    armed_ = earliest;
}

void SocketLoop::run_timers() {
    drain(timer_.number());
    // Not armed anew while they run: a task usually sets the next timer, and one that is due at
    // once waits its turn.
    armed_ = Span::min();
    const Span now = system::boot_time();
    for (int i = 0; i < batch; ++i) {
        Task task = timers_.take_due(now);
        if (!task) break;
        task();
    }
    armed_.reset();
    arm();
}

void SocketLoop::run_tasks() {
    std::vector<Task> tasks;
    {
        const std::scoped_lock lock(mutex_);
        tasks.swap(tasks_);
    }
    for (auto& task : tasks) task();
}

void SocketLoop::run() {
    std::array<epoll_event, batch> events{};
    while (!stopped_) {
        bool idle = false;
        {
            const std::scoped_lock lock(mutex_);
            idle = asleep_ = tasks_.empty();
        }
        const int count = ::epoll_wait(epoll_.number(), events.data(), batch, idle ? -1 : 0);
        if (idle) {
            const std::scoped_lock lock(mutex_);
            asleep_ = false;
        }
        for (int i = 0; i < count; ++i) {
            const auto& event = events.at(static_cast<std::size_t>(i));
            if (event.data.ptr == &wake_) {
                drain(wake_.number());
            } else if (event.data.ptr == &timer_) {
                run_timers();
            } else {
                static_cast<Watcher*>(event.data.ptr)
                    ->ready({.readable = (event.events & EPOLLIN) != 0,
                             .writable = (event.events & EPOLLOUT) != 0,
                             .gone = (event.events & (EPOLLHUP | EPOLLERR)) != 0});
            }
        }
        run_tasks();
    }
    run_tasks();
}

}  // namespace hearth::agent
