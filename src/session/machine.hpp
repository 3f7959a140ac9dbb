// The rules of one session's life, as a pure function: after(machine, event, now) → machine,
// effects.
//
// House rules: nothing here reads a clock, draws a random number, or does I/O; the keeper does, and
// reports back as events. At most one of TryLock, Reload, WriteJournal, Send and Save is under way
// at a time; a Peek may run beside it. The simulator, the agent and an embedding program run this
// same code.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/profile.hpp"
#include "core/session.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "session/lock.hpp"
#include "stores/store.hpp"

namespace hearth::session {

// Somebody who waits for a credential.
struct Waiter {
    std::uint64_t id = 0;
    std::optional<Span> min_remaining;   // The policy's floor when absent.
    Span deadline{};                     // On the boot-time clock.
    std::optional<Version> not_version;  // Was rejected; only another one will do.
    // The floor of its own profile; one that shares the session may have a higher one.
    Span usual = Span::max();
    // `not_version` was not rejected: what it was made of has changed, so its age says nothing.
    bool outdated = false;
};

// What a store held when it was read: a session, nothing, or a reason why it could not be read.
struct Stored {
    std::variant<std::monostate, SessionPtr, stores::StoreError> found;
    Journal journal{};
    std::optional<Error> journal_error;  // Why the journal could not be read.
};

// ---- Stages: where a session stands. A field that means something in one stage lives only there.

struct Unread {};
struct Unreadable {
    Error error{};
    Span retry_at{};  // Boot-time clock; who keeps sessions looks again by itself.
};
// After a failure: nobody tries again before `until` (boot-time clock).
struct Hold {
    Span until{};
    Error error{};
    bool ours = false;  // Other processes are not held by it.
};
struct SignedOut {
    std::optional<Hold> hold;  // Of a session that is made without a person.
};
struct Resting {
    SessionPtr session;
    std::optional<Span> renew_at;  // Boot-time clock; absent for what is never renewed.
    std::optional<Hold> hold;
};
struct Renewing {
    enum class Step : std::uint8_t {
        locking,    // The lock is wanted; `retry_at` says when to ask again.
        reloading,  // Under the lock: has anybody renewed meanwhile?
        recording,  // The intent is being made durable.
        sending,    // The request is out.
        saving,     // The answer is here and not yet saved.
        settling,   // Saved; the journal is being told.
        verifying,  // The server says the grant is dead: does the store still hold the same
                    // version?
        resolving,  // No answer came, twice: what does the store say?
        closing,    // The journal is being told of a failure or of the need to sign in.
    };
    SessionPtr session;
    Step step = Step::locking;
    std::optional<Span> retry_at;
    std::uint32_t lock_tries = 0;
    std::uint32_t attempt = 1;  // Of sending this version's refresh token, over all processes.
    bool unsaved =
        false;           // `session` itself is not in the store yet: failing leads back to Unsaved.
    SessionPtr renewed;  // From `saving` on.
    Error error{};       // In `verifying`, `resolving` and `closing`.
    bool sign_in = false;      // In `closing`: ends in SignInNeeded.
    std::optional<Span> hold;  // In `closing`: how long nobody tries again.
    bool ours = false;         // In `closing`: nobody else is held.
    bool tell = false;         // In `closing`: who waits is answered now.
    // There is none: `session` is an empty one, out of which one is made without a person.
    bool first = false;
};
// The lock is still held: the store did not take what the server gave. Served from memory, saved
// again and again.
struct Unsaved {
    enum class Custody : std::uint8_t {
        held,
        lent,      // To a sign-in or sign-out of this process, which may change the store.
        returned,  // The store is read before it is written again.
    };
    SessionPtr session;
    std::optional<Span> retry_at;  // Absent while a save is under way, or the lock is lent.
    std::uint32_t failures = 1;
    std::optional<Span> renew_at;
    Error error{};
    Custody lock = Custody::held;
};
struct SignInNeeded {
    SessionPtr session;  // Its access token may still be good for a while.
    Error error{};
};

using Stage = std::variant<Unread, Unreadable, SignedOut, Resting, Renewing, Unsaved, SignInNeeded>;

// ---- Events: what happened.

struct Started {};
struct Ticked {};  // `wake` has come.
struct Asked {
    Waiter waiter;
};
struct Gone {
    std::uint64_t waiter = 0;
};
// A process, perhaps this one, has written the journal.
struct JournalChanged {
    Journal journal{};
};
struct Peeked {
    Stored stored;
};
struct LockTried {
    enum class Outcome : std::uint8_t { acquired, busy, failed };
    Outcome outcome = Outcome::acquired;
    Error error{};
};
struct Reloaded {
    Stored stored;
};
struct JournalWritten {
    Result<> result;
};
// How the provider answered.
struct RenewedAnswer {
    SessionPtr session;  // Already counted up.
};
struct GrantInvalidAnswer {
    Error error{};
};
struct NotRenewedAnswer {
    Error error{};
    bool worth_retrying = true;
    std::optional<Span> retry_after;
    std::optional<Span> look_again;
    bool ours = false;
};
struct LostAnswer {
    Error error{};
};
struct Answered {
    std::variant<RenewedAnswer, GrantInvalidAnswer, NotRenewedAnswer, LostAnswer> outcome;
    std::optional<Span> server_skew;
};
struct Saved {
    stores::StoreResult<> result;
};
// A sign-in or sign-out by this process is in the store (null: erased); it held the lock itself.
struct Replaced {
    SessionPtr session;
    Journal journal{};
};
// A sign-in or sign-out of this process wants the lock that Unsaved keeps.
struct LoanAsked {};
// It has ended without an effect, as far as it knows.
struct LockReturned {};
struct PolicyChanged {
    RenewalPolicy policy;
    bool by_timer = false;
    bool unattended = false;
};
// What a session is made of without a person may be there now: it is tried again at once.
struct MaterialGiven {};
// It has changed: whatever failed before, the next try waits for nothing.
struct MaterialChanged {};
// The store was locked on purpose: nothing stays in memory.
struct Forgotten {};

using Happening =
    std::variant<Started, Ticked, Asked, Gone, JournalChanged, Peeked, LockTried, Reloaded,
                 JournalWritten, Answered, Saved, Replaced, LoanAsked, LockReturned, PolicyChanged,
                 MaterialGiven, MaterialChanged, Forgotten>;

// ---- Effects: what is to be done, in this order.

struct Peek {};  // Read store and journal without the lock.
struct TryLock {};
struct Unlock {};
struct Lend {};    // The lock, to who asked for it; it is not free in between.
struct Reload {};  // The same, under the lock.
struct WriteJournal {
    Journal journal{};
};
struct Send {
    SessionPtr session;
};
struct Save {
    SessionPtr session;
};
struct Answer {
    std::uint64_t waiter = 0;
    std::variant<SessionPtr, Error> with;
};
enum class News : std::uint8_t {
    loaded,
    renewed,
    adopted,
    renewal_failed,
    sign_in_needed,
    signed_out,
    store_failed,
    store_recovered
};
// The session that readers see has changed (null: there is none), or something went wrong; tell who
// wants to know.
struct Announce {
    News news{};
    SessionPtr session;
    std::string text;
};

using Effect =
    std::variant<Peek, TryLock, Unlock, Lend, Reload, WriteJournal, Send, Save, Answer, Announce>;

struct Machine {
    RenewalPolicy policy;
    bool by_timer = false;     // Renew when due, not only when somebody asks.
    bool unattended = false;   // Made without a person where there is none and somebody asks.
    bool unheld = false;       // No hold counts for the next try.
    std::int64_t process = 0;  // Recorded in the journal.
    Stage stage = Unread{};
    std::vector<Waiter> waiters;
    bool peeking = false;
    bool peek_again = false;
    Journal journal{};  // As last read or written.
    std::optional<Span> server_skew;

    // The session whose token may be handed out as long as it lasts; null when there is none.
    [[nodiscard]] SessionPtr session() const;
    // When the machine wants a Ticked, on the boot-time clock.
    [[nodiscard]] std::optional<Span> wake() const;
    // A request may be out whose answer is not saved yet.
    [[nodiscard]] bool busy() const;
};

struct Transition {
    Machine machine;
    std::vector<Effect> effects;
};

// `dice` is uniform in [0, 1) and new for each event.
Transition after(Machine machine, Happening event, const Moment& now, double dice);

}  // namespace hearth::session
