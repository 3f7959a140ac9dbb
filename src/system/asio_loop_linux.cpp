#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include "system/asio_loop.hpp"
#include "system/clock.hpp"
#include "system/timer_heap.hpp"

namespace hearth::system {
namespace {

namespace asio = boost::asio;

// As many timers as run before the sockets get their turn.
constexpr int batch = 64;

int make_timer() {
    const int timer = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
    return timer;
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

}  // namespace

// One timerfd armed for the earliest timer. The boot-time clock runs on through suspend, so a
// machine that wakes past the time fires it at once.
class AsioLoop::Timers : public std::enable_shared_from_this<Timers> {
  public:
    explicit Timers(asio::io_context& context) : descriptor_(context, make_timer()) {}

    TimerId at(Span due, Task task) {
        const TimerId id = heap_.add(due, std::move(task));
        arm();
        return id;
    }

    void cancel(TimerId id) {
        heap_.cancel(id);
        arm();
        // Without a timer there is nothing to wait for, and run() may return.
        if (heap_.empty() && waiting_) descriptor_.cancel();
    }

  private:
    void arm() {
        const auto due = heap_.earliest();
        if (running_ || !due) return;
        if (armed_ != due) {
            const auto time = expiry(*due);
            if (::timerfd_settime(descriptor_.native_handle(), TFD_TIMER_ABSTIME, &time, nullptr) !=
                0) {
                throw std::system_error(errno, std::generic_category(), "timerfd_settime");
            }
            armed_ = due;
        }
        if (!std::exchange(waiting_, true)) wait();
    }

    void wait() {
        descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                               [weak = weak_from_this()](const boost::system::error_code& problem) {
                                   const auto timers = weak.lock();
                                   if (!timers) return;
                                   timers->waiting_ = false;
                                   if (!problem) timers->run_due();
                                   timers->arm();
                               });
    }

    void run_due() {
        std::uint64_t expirations = 0;
        // NOLINTBEGIN(clang-analyzer-unix.BlockInCriticalSection): it does not block.
        [[maybe_unused]] const auto size =
            ::read(descriptor_.native_handle(), &expirations, sizeof expirations);
        // NOLINTEND(clang-analyzer-unix.BlockInCriticalSection)
        armed_.reset();
        // Re-armed once, afterwards: a task usually sets the next timer.
        running_ = true;
        const Span now = boot_time();
        for (int i = 0; i < batch; ++i) {
            Task task = heap_.take_due(now);
            if (!task) break;
            task();
        }
        running_ = false;
    }

    asio::posix::stream_descriptor descriptor_;
    TimerHeap heap_;
    std::optional<Span> armed_;
    bool waiting_ = false;
    bool running_ = false;
};

AsioLoop::AsioLoop(asio::io_context& context)
    : context_(context), timers_(std::make_shared<Timers>(context)) {}

AsioLoop::~AsioLoop() = default;

void AsioLoop::post(Task task) { asio::post(context_, std::move(task)); }

AsioLoop::TimerId AsioLoop::at(Span boot, Task task) { return timers_->at(boot, std::move(task)); }

void AsioLoop::cancel(TimerId timer) { timers_->cancel(timer); }

}  // namespace hearth::system
