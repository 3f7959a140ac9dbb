// A process on a simulated machine: a loop, threads that may block, and the product's engine on
// them. It can die between any two calls of its ports.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "session/engine.hpp"
#include "session/loop.hpp"
#include "simulation/fiber.hpp"
#include "simulation/host.hpp"
#include "simulation/promises.hpp"

namespace hearth::simulation {

class Shelf;
class Wire;
class Account;

// What a thread works at.
struct Errand {
    enum class Purpose : std::uint8_t { keep, sign_in, sign_out, other };
    session::Work kind{};
    Purpose purpose = Purpose::keep;
    bool may_switch = false;
    bool saw_damage = false;      // It read a damaged session, which a sign-in may replace.
    bool asked_for_turn = false;  // Somebody else's sign-in was found once.
    std::size_t tries = 0;        // Of getting the lock.
    std::unique_ptr<Fiber> fiber;
};

class Process final : public std::enable_shared_from_this<Process>,
                      public session::Loop,
                      public session::Workers {
  public:
    Process(Scene& scene, Host& host, const Witness& witness, Promises& promises, int number,
            std::string role);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() override;

    // Builds the engine.
    void begin();
    // The process is gone, whatever it was doing.
    void die();

    [[nodiscard]] bool alive() const noexcept { return alive_; }
    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] Host& host() noexcept { return host_; }
    [[nodiscard]] Scene& scene() noexcept { return scene_; }
    [[nodiscard]] session::Engine& engine() noexcept { return *engine_; }
    // When the loop's present task was posted.
    [[nodiscard]] Span posted_at() const noexcept { return posted_at_; }
    // Counts up with each read of the store that fails.
    std::uint64_t failed_reads = 0;
    bool locked_by_user = false;
    std::map<std::string, std::string> known;  // For plants: the documents that it saw last.

    // Loop
    void post(Task task) override;
    TimerId at(Span boot, Task task) override;
    void cancel(TimerId timer) override { timers_.erase(timer); }
    // Workers
    void run(session::Work kind, Task task) override;

    // The next task that is given to the workers is for this.
    void next_errand(Errand::Purpose purpose, bool may_switch = false);
    // The errand whose thread runs now; null on the loop.
    [[nodiscard]] Errand* errand() noexcept { return current_; }
    // The thread of the errand blocks for a while; on the loop nothing does.
    void rest(Span span);
    // The process may die here.
    void peril(Reached where);
    // Does it later on this machine, unless the process is dead by then.
    void later(Span span, Timeline::Task task);

  private:
    struct Queued {
        Task task;
        Span posted_at{};
    };
    void run_loop();
    void wake_loop();
    void start_next(session::Work kind);
    void resume(Errand& errand);

    Scene& scene_;
    Host& host_;
    Promises& promises_;
    int number_;
    std::string name_;
    SeededRandom random_;
    std::unique_ptr<Shelf> shelf_;
    std::unique_ptr<Wire> wire_;
    std::unique_ptr<Account> account_;
    std::unique_ptr<session::Engine> engine_;
    std::unique_ptr<session::Ticket> subscription_;

    bool alive_ = true;
    std::deque<Queued> loop_;
    bool loop_awake_ = false;
    Span posted_at_{};
    std::map<TimerId, Task> timers_;
    TimerId next_timer_ = 1;
    std::map<session::Work, std::deque<Task>> waiting_;
    std::map<session::Work, std::deque<Errand>> next_;
    std::list<Errand> errands_;
    Errand* current_ = nullptr;
    Errand planned_;
};

}  // namespace hearth::simulation
