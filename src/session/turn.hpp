// One turn of the machine: the state at hand, what has been decided so far, and the time it is
// decided at.
#pragma once

#include <utility>
#include <vector>

#include "session/freshness.hpp"
#include "session/machine.hpp"

namespace hearth::session {

// True when `found` comes after `held` or from another sign-in: what the store holds is then what
// counts.
inline bool moved(const Version& held, const Version& found) {
    return held.lineage != found.lineage || found.counter > held.counter;
}

constexpr Span look_again = std::chrono::seconds(30);  // At a store that could not be read.

// A failure of this process alone is looked at again less often while nobody asks.
inline Span held_until(const Hold& hold, const std::vector<Waiter>& waiters) {
    constexpr Span unasked = std::chrono::minutes(1);
    return hold.ours && waiters.empty() ? hold.until + unasked : hold.until;
}

// Private to the machine's files: machine.cpp has what happens, waiters.cpp who is answered with
// what, standing.cpp a session that nothing is done to, renewal.cpp the renewal across processes.
class Turn {
  public:
    Turn(Machine machine, const Moment& now, double dice)
        : machine_(std::move(machine)), now_(now), dice_(dice) {}
    Transition end() && { return {std::move(machine_), std::move(effects_)}; }

    void on(Started& event);
    void on(Ticked& event);
    void on(Asked& event);
    void on(Gone& event);
    void on(JournalChanged& event);
    void on(Peeked& event);
    void on(LockTried& event);
    void on(Reloaded& event);
    void on(JournalWritten& event);
    void on(Answered& event);
    void on(Saved& event);
    void on(Replaced& event);
    void on(LoanAsked& event);
    void on(LockReturned& event);
    void on(PolicyChanged& event);
    void on(MaterialGiven& event);
    void on(MaterialChanged& event);
    void on(Forgotten& event);

  private:
    template <class T>
    T* in() noexcept {
        return std::get_if<T>(&machine_.stage);
    }
    template <class T>
    [[nodiscard]] const T* in() const noexcept {
        return std::get_if<T>(&machine_.stage);
    }
    void effect(Effect one) { effects_.push_back(std::move(one)); }
    void announce(News news, SessionPtr session, std::string text = {}) {
        effect(Announce{news, std::move(session), std::move(text)});
    }

    // Who waits, and what they get (machine.cpp).
    void peek();
    void serve();                            // Answers those whom the session at hand satisfies.
    void serve_all(const Error& otherwise);  // Answers everybody: with what has not expired, else
                                             // with the error.
    void expire_waiters();                   // Answers those whose patience has ended.
    [[nodiscard]] bool wanted() const;       // Somebody waits, or the timer says so.
    void consider();  // Begins a renewal where one is due and nothing forbids it.
    void read(Stored stored, News news);  // Takes what the store holds, outside of a renewal.
    void rest(SessionPtr session);        // The session is at hand and nothing is under way.
    void adopt(SessionPtr session, News news);
    void sign_out();
    void make();  // A session where there is none, somebody waits and no person is needed.
    void need_sign_in(SessionPtr session, Error error);
    [[nodiscard]] std::optional<Hold> shared_hold() const;
    // The hold for who had `before`: the other processes', unless it is one of our own.
    [[nodiscard]] std::optional<Hold> hold_after(const std::optional<Hold>& before) const;
    [[nodiscard]] Error expired_error() const;
    [[nodiscard]] std::optional<Error> impossible(const Waiter& waiter) const;
    [[nodiscard]] std::optional<Error> hopeless(const Waiter& waiter) const;
    [[nodiscard]] bool hopeless() const;  // Somebody is.
    void refuse_hopeless(const std::optional<Error>& because);
    // What the journal says of this version where a person is needed for it.
    [[nodiscard]] std::optional<Error> given_up(const Version& version) const;

    // The renewal (renewal.cpp).
    void begin(SessionPtr session);
    void record_intent(Renewing& renewing);
    void lock_busy(Renewing& renewing);
    void read_under_lock(Renewing& renewing, const SessionPtr& found);
    void read_nothing_under_lock(Renewing& renewing);
    void on_answer(Renewing& renewing, RenewedAnswer& answer);
    void on_answer(Renewing& renewing, GrantInvalidAnswer& answer);
    void on_answer(Renewing& renewing, NotRenewedAnswer& answer);
    void on_answer(Renewing& renewing, LostAnswer& answer);
    void save(Renewing& renewing, SessionPtr session);
    void settle();
    void settled();
    void close(Renewing& renewing, std::optional<Span> hold);
    void closed();
    void let_go(Error error, Span hold);  // Without a word in the journal.
    // Not renewed before `not_before`, even when it is due.
    void keep_unsaved(SessionPtr session, Error error, std::uint32_t failures,
                      std::optional<Span> not_before = {});
    void tick_unsaved(Unsaved& unsaved);
    void compare_unsaved(Unsaved& unsaved, Stored stored);

    Machine machine_;
    std::vector<Effect> effects_;
    Moment now_;
    double dice_;
};

}  // namespace hearth::session
