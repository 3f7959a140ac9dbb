// One turn of the machine: the state at hand, what has been decided so far, and the time it is
// decided at.
#pragma once

#include <utility>
#include <vector>

#include "session/freshness.hpp"
#include "session/machine.hpp"

namespace hearth::session {

// Private to the machine's files: machine.cpp has who asks and what they get, renewal.cpp the
// renewal across processes.
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
    void on(YieldAsked& event);
    void on(PolicyChanged& event);
    void on(Forgotten& event);

  private:
    template <class T>
    T* in() noexcept {
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
    void need_sign_in(SessionPtr session, Error error);
    [[nodiscard]] std::optional<Hold> shared_hold() const;
    [[nodiscard]] Error expired_error() const;
    [[nodiscard]] std::optional<Error> impossible(const Waiter& waiter) const;

    // The renewal (renewal.cpp).
    void begin(SessionPtr session);
    void record_intent(Renewing& renewing);
    void lock_busy(Renewing& renewing);
    void read_under_lock(Renewing& renewing, SessionPtr found);
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
    void keep_unsaved(SessionPtr session, Error error, std::uint32_t failures);
    void tick_unsaved(Unsaved& unsaved);

    Machine machine_;
    std::vector<Effect> effects_;
    Moment now_;
    double dice_;
};

}  // namespace hearth::session
