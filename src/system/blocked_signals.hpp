#pragma once

#include <signal.h>

#include <ctime>

namespace hearth::system {

// While it lives the calling thread takes no signals; a thread started meanwhile never will, since
// they are main's business.
class BlockedSignals {
  public:
    BlockedSignals() noexcept {
        sigset_t all;
        (void)::sigfillset(&all);
        (void)::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~BlockedSignals() { (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

  private:
    sigset_t before_{};
};

// While it lives, writing to a connection that the other side has closed is an error for the
// calling thread and no SIGPIPE for the program. (OpenSSL writes without MSG_NOSIGNAL.)
class NoBrokenPipe {
  public:
    NoBrokenPipe() noexcept {
        sigset_t pending;
        (void)::sigpending(&pending);
        was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
        (void)::sigemptyset(&pipe_);
        (void)::sigaddset(&pipe_, SIGPIPE);
        (void)::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~NoBrokenPipe() {
        // Takes back the one that came meanwhile.
        const timespec at_once{};
        if (!was_pending_) (void)::sigtimedwait(&pipe_, nullptr, &at_once);
        (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoBrokenPipe(const NoBrokenPipe&) = delete;
    NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

  private:
    sigset_t pipe_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

}  // namespace hearth::system
