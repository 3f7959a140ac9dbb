// Keeps one session: runs the machine, does what it decides, and reports back what came of it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "providers/provider.hpp"
#include "session/ceremony.hpp"
#include "session/loop.hpp"
#include "session/machine.hpp"
#include "session/rate_limit.hpp"

namespace hearth::session {

class Keeper;

// What every keeper uses: references to what outlives the loop's last task, and a limiter that
// belongs to the loop, as does whoever is told of answers and news.
struct Surroundings {
    Shelf shelf;
    Loop& loop;
    Workers& workers;
    RateLimiter limiter;
    std::int64_t process = 0;
    std::function<void(std::uint64_t waiter, std::variant<SessionPtr, Error> with)> on_answer;
    std::function<void(const Keeper& keeper, const Announce& announce)> on_announce;
    // The session was read for the first time, or could not be.
    std::function<void(const Keeper& keeper)> on_read;
    // A profile's credential, for the renewal of one that rests on it. Dropping what is returned
    // ends the wait.
    std::function<std::shared_ptr<void>(
        const ProfileName& base, std::move_only_function<void(Result<providers::Base>)> done)>
        on_base;
};

// The lock of a session that its keeper could not save, while a sign-in or sign-out of the same
// process has it: nobody else gets in between.
class Loan : public std::enable_shared_from_this<Loan> {
  public:
    Loan(std::weak_ptr<Keeper> keeper, Loop& loop) : keeper_(std::move(keeper)), loop_(loop) {}
    // Asks the keeper; null as long as it has not lent the lock. When what is returned is dropped,
    // the lock waits for `Keeper::end`. Safe from any thread.
    std::unique_ptr<HeldLock> borrow();
    [[nodiscard]] std::shared_ptr<Keeper> keeper() const { return keeper_.lock(); }

  private:
    friend class Keeper;
    class Borrowed;
    void put(std::unique_ptr<HeldLock> lock);
    std::unique_ptr<HeldLock> take();

    std::weak_ptr<Keeper> keeper_;
    Loop& loop_;
    std::mutex mutex_;
    std::unique_ptr<HeldLock> lock_;  // Guarded by `mutex_`.
};

// Loop thread only. Work that is under way holds the keeper alive until it has reported, so that no
// answer is lost.
class Keeper : public std::enable_shared_from_this<Keeper> {
  public:
    Keeper(std::shared_ptr<Surroundings> surroundings, SessionId id);
    ~Keeper() = default;
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    // Settings to renew by; both outlive the call only as copies.
    void configure(providers::Provider* provider, std::shared_ptr<const Profile> profile,
                   RenewalPolicy policy, bool by_timer);
    void dispatch(Happening event);
    // Its engine ends: nothing is begun any more, and what comes back is dropped.
    void retire();
    // The sign-in or sign-out has ended: with what it placed, or with nothing.
    void end(Loan& loan, std::optional<Replaced> replaced);
    // Reads the journal off the loop, then dispatches JournalChanged.
    void journal_changed();

    [[nodiscard]] const SessionId& id() const noexcept { return id_; }
    [[nodiscard]] const Machine& machine() const noexcept { return machine_; }
    // A renewal waits for its place in the issuer's queue.
    [[nodiscard]] bool queued() const noexcept { return queued_; }

  private:
    friend class Loan;
    void lend_to(Loan& loan);
    void perform(Peek& effect);
    void perform(TryLock& effect);
    void perform(Unlock& effect);
    void perform(Lend& effect);
    void perform(Reload& effect);
    void perform(WriteJournal& effect);
    void perform(Send& effect);
    void perform(Save& effect);
    void perform(Answer& effect);
    void perform(Announce& effect);
    void send_in_turn(RateLimiter::Place place, SessionPtr session);
    void send_now(SessionPtr session);
    void send_with(std::optional<providers::Base> base, SessionPtr session);
    // Nothing was sent, because of this.
    void not_sent(Error error, std::optional<Span> look_again);
    void arm();
    // Runs `work` where it may block and dispatches the event it returns, on the loop.
    void off_loop(Work kind, std::move_only_function<Happening(const Shelf&)> work);

    std::shared_ptr<Surroundings> surroundings_;
    SessionId id_;
    providers::Provider* provider_ = nullptr;
    std::shared_ptr<const Profile> profile_;
    Machine machine_;
    std::shared_ptr<std::unique_ptr<HeldLock>> lock_;  // Shared with the worker that takes it;
                                                       // null while none is wanted.
    std::shared_ptr<void> base_;  // While a renewal waits for the credential that it is made with.
    Loan* borrower_ = nullptr;    // Set while it asks.
    Loop::TimerId timer_ = 0;
    std::optional<Span> armed_;
    bool queued_ = false;
    bool retired_ = false;
};

}  // namespace hearth::session
