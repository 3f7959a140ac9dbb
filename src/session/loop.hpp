// Ports: the one loop on which the engine lives, and the threads that may block in its stead.
#pragma once

#include <cstdint>
#include <functional>

#include "core/time.hpp"

namespace hearth::session {

class Loop {
  public:
    using Task = std::move_only_function<void()>;
    using TimerId = std::uint64_t;

    virtual ~Loop() = default;
    // Runs the task on the loop, after what is queued. Safe from any thread.
    virtual void post(Task task) = 0;
    // Runs the task on the loop once the boot-time clock stands at `boot` or later; a suspended
    // machine that wakes past it runs it soon. Loop thread only, as is `cancel`. Timer ids are
    // never 0.
    virtual TimerId at(Span boot, Task task) = 0;
    virtual void cancel(TimerId timer) = 0;
};

enum class Work : std::uint8_t {
    store,    // Keychain and file calls.
    network,  // One HTTP exchange.
    person,   // A sign-in, which waits for somebody for minutes.
};

class Workers {
  public:
    virtual ~Workers() = default;
    // Runs the task on a thread that may block. Safe from any thread; tasks of one kind start in
    // order.
    virtual void run(Work kind, Loop::Task task) = 0;
};

}  // namespace hearth::session
