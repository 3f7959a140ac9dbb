#include "agent/signals.hpp"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace hearth::agent {

Signals::Signals() {
    sigset_t ends{};
    (void)::sigemptyset(&ends);
    (void)::sigaddset(&ends, SIGTERM);
    (void)::sigaddset(&ends, SIGINT);
    (void)::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    descriptor_ = Descriptor(::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK));
}

void Signals::watch(SocketLoop& loop, std::function<void()> on_signal) {
    on_signal_ = std::move(on_signal);
    (void)loop.watch(descriptor_.number(), SocketLoop::Interest::read, *this);
}

void Signals::ready(Ready /*what*/) {
    signalfd_siginfo which{};
    if (::read(descriptor_.number(), &which, sizeof which) == sizeof which) on_signal_();
}

}  // namespace hearth::agent
