// Keeps one session: runs the machine, does what it decides, and reports back what came of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "providers/provider.hpp"
#include "session/ceremony.hpp"
#include "session/loop.hpp"
#include "session/machine.hpp"
#include "session/rate_limit.hpp"

namespace hearth::session {

// What every keeper uses: references to what outlives the loop's last task, and a limiter that
// belongs to the loop.
struct Surroundings {
    Shelf shelf;
    Loop& loop;
    Workers& workers;
    RateLimiter limiter;
    std::int64_t process = 0;
};

// Loop thread only. Work that is under way holds the keeper alive until it has reported, so that no
// answer is lost.
class Keeper : public std::enable_shared_from_this<Keeper> {
  public:
    using OnAnswer =
        std::function<void(std::uint64_t waiter, std::variant<SessionPtr, Error> with)>;
    using OnAnnounce = std::function<void(const Keeper& keeper, const Announce& announce)>;

    Keeper(std::shared_ptr<Surroundings> surroundings, SessionId id, OnAnswer on_answer,
           OnAnnounce on_announce);
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    // Settings to renew by; both outlive the call only as copies.
    void configure(providers::Provider* provider, std::shared_ptr<const Profile> profile,
                   RenewalPolicy policy, bool by_timer);
    void dispatch(Happening event);
    // Its engine ends: nothing is begun any more, and what comes back is dropped.
    void retire();
    // Reads the journal off the loop, then dispatches JournalChanged.
    void journal_changed();

    [[nodiscard]] const SessionId& id() const noexcept { return id_; }
    [[nodiscard]] const Machine& machine() const noexcept { return machine_; }
    // A renewal waits for its place in the issuer's queue.
    [[nodiscard]] bool queued() const noexcept { return queued_; }

  private:
    void perform(Peek&);
    void perform(TryLock&);
    void perform(Unlock&);
    void perform(Reload&);
    void perform(WriteJournal& effect);
    void perform(Send& effect);
    void perform(Save& effect);
    void perform(Answer& effect);
    void perform(Announce& effect);
    void send_now(SessionPtr session);
    void arm();
    // Runs `work` where it may block and dispatches the event it returns, on the loop.
    void off_loop(Work kind, std::move_only_function<Happening(const Shelf&)> work);

    std::shared_ptr<Surroundings> surroundings_;
    SessionId id_;
    OnAnswer on_answer_;
    OnAnnounce on_announce_;
    providers::Provider* provider_ = nullptr;
    std::shared_ptr<const Profile> profile_;
    Machine machine_;
    std::shared_ptr<std::unique_ptr<HeldLock>> lock_;  // Shared with the worker that takes it.
    std::stop_source stop_;
    Loop::TimerId timer_ = 0;
    std::optional<Span> armed_;
    bool queued_ = false;
    bool retired_ = false;
};

}  // namespace hearth::session
