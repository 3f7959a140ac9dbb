#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "session/loop.hpp"

namespace hearth::system {

// Threads that come when there is work and go when there has been none for a while, so that an idle
// program has none. A task that throws ends the program, as in any thread.
class ThreadWorkers : public session::Workers {
  public:
    struct Limits {
        std::size_t store = 4;
        std::size_t network = 16;
        std::size_t person = 32;
        std::chrono::milliseconds idle = std::chrono::seconds(10);
    };

    ThreadWorkers();
    explicit ThreadWorkers(const Limits& limits);
    // Returns once every task that was given has run: a token on its way to the store is not
    // dropped. Whoever wants this to be soon stops the tasks first.
    ~ThreadWorkers() override;
    ThreadWorkers(const ThreadWorkers&) = delete;
    ThreadWorkers& operator=(const ThreadWorkers&) = delete;

    void run(session::Work kind, session::Loop::Task task) override;
    // Threads alive now, of all kinds.
    [[nodiscard]] std::size_t threads() const;

  private:
    class Crew;
    std::unique_ptr<Crew> store_;
    std::unique_ptr<Crew> network_;
    std::unique_ptr<Crew> person_;
};

}  // namespace hearth::system
