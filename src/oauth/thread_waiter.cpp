#include "oauth/thread_waiter.hpp"

#include <condition_variable>
#include <mutex>

namespace hearth::oauth {

bool ThreadWaiter::wait(Span span, std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, span, [] { return false; });
    return !stop.stop_requested();
}

}  // namespace hearth::oauth
