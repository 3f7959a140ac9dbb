#include "session/ceremony.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

#include "core/try.hpp"
#include "session/codec.hpp"
#include "session/organization.hpp"

namespace hearth::session {

using namespace std::chrono_literals;

namespace {

constexpr Span lock_patience = 30s;

// Waits for a while or until stopped; false when stopped.
bool pause(Span span, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait_for(lock, stop, span, [] { return false; });
    return !stop.stop_requested();
}

Error cancelled() { return {Remedy::failed, "cancelled", ""}; }

using TryLockCall = std::function<Result<std::unique_ptr<HeldLock>>()>;

Result<std::unique_ptr<HeldLock>> acquire(const Clock& clock, const TryLockCall& try_lock,
                                          Span patience, const Error& too_late,
                                          const std::stop_token& stop) {
    const Span deadline = clock.now().boot + patience;
    for (Span wait = 2ms;; wait = std::min<Span>(wait * 2, 200ms)) {
        if (auto held = HEARTH_TRY(try_lock())) return held;
        if (clock.now().boot >= deadline) return std::unexpected(too_late);
        if (!pause(wait, stop)) return std::unexpected(cancelled());
    }
}

Result<std::unique_ptr<HeldLock>> lock_session(const Shelf& shelf, const SessionId& id,
                                               const Borrow& borrow, const std::stop_token& stop) {
    const auto try_lock = [&]() -> Result<std::unique_ptr<HeldLock>> {
        if (borrow) {
            if (auto lent = borrow()) return lent;
        }
        return shelf.locks.try_acquire(id);
    };
    return acquire(
        shelf.clock, try_lock, lock_patience,
        {Remedy::failed,
         "another process holds the lock of session '" + id.text() + "' and does not let go",
         "hearth status, or 'hearth agent stop' if that process is an agent"},
        stop);
}

bool same_person(const Account& before, const Account& now) {
    if (before.subject.empty() || now.subject.empty()) return before.label() == now.label();
    return before.subject == now.subject && before.organization_id == now.organization_id;
}

Error as_error(stores::StoreError error) { return std::move(error.error); }

// A damaged session is what signing in again mends; everything else would be overwritten or erased
// blindly.
Result<> check_readable(const Stored& stored) {
    const auto* error = std::get_if<stores::StoreError>(&stored.found);
    if (error == nullptr) return {};
    const bool mendable =
        error->fault == stores::Fault::damaged && error->error.remedy != Remedy::refused;
    if (mendable) return {};
    return std::unexpected(error->error);
}

// What a session that is kept may take the place of.
enum class Replacing : std::uint8_t { nothing, same_person, anybody };

Replacing replacing(const SignInRequest& request) {
    // What another program holds may be older than what is here: it is never better.
    if (request.held) return Replacing::nothing;
    return request.switch_account ? Replacing::anybody : Replacing::same_person;
}

// Under the lock: what is there already may not be overwritten unseen.
Result<> check_replaceable(const Profile& profile, const Stored& stored, const Session& fresh,
                           Replacing which) {
    HEARTH_CHECK(check_readable(stored));
    const auto* const found = std::get_if<SessionPtr>(&stored.found);
    if (found == nullptr || which == Replacing::anybody) return {};
    if (which == Replacing::nothing)
        return std::unexpected(
            Error{Remedy::refused,
                  "'" + profile.name.text() + "' has a session already, which may be newer",
                  "import under another name, or hearth logout " + profile.name.text() + " first"});
    if (same_person((*found)->account, fresh.account)) return {};
    return std::unexpected(Error{Remedy::refused,
                                 "'" + profile.name.text() + "' is signed in as " +
                                     (*found)->account.label() + ", and this sign-in was as " +
                                     fresh.account.label(),
                                 "hearth login " + profile.name.text() + " --switch"});
}

Result<Placed> keep(const Shelf& shelf, const Profile& profile, const Session& fresh,
                    Replacing which, const Borrow& borrow, const std::stop_token& stop) {
    HEARTH_CHECK(organization_allowed(profile, fresh.account));
    const auto lock = HEARTH_TRY(lock_session(shelf, profile.session, borrow, stop));
    HEARTH_CHECK(check_replaceable(profile, read_stored(shelf, profile.session), fresh, which));
    auto session = fresh.clone();
    session.version = {shelf.random.hex(16), 1};
    session.signed_in_at = shelf.clock.now().wall;
    if (auto saved = shelf.store.save(profile.session, encode(session)); !saved) {
        // A store that answers too late may have taken it all the same.
        const auto stored = read_stored(shelf, profile.session);
        const auto* const found = std::get_if<SessionPtr>(&stored.found);
        if (found == nullptr || (*found)->version != session.version)
            return std::unexpected(as_error(std::move(saved).error()));
    }
    Placed placed;
    placed.journal.stored = session.version;
    // The session is in the store; a journal that cannot be told only delays other processes until
    // they look.
    [[maybe_unused]] const auto written = shelf.journals.write(profile.session, placed.journal);
    placed.session = std::make_shared<const Session>(std::move(session));
    return placed;
}

// One question to the provider, so that a mistake shows now and not at the first use.
Result<> verify_key(providers::Provider& provider, const Profile& profile, const Session& given,
                    const std::stop_token& stop) {
    const auto answer = provider.whoami(profile, given, stop);
    if (answer) return {};
    auto error = answer.error();
    const bool refused = error.remedy == Remedy::sign_in;
    error.what = (refused ? "the key was refused, and is not kept: "
                          : "the key could not be checked, and is not kept: ") +
                 error.what;
    error.hint = refused ? "give a key that is valid"
                         : "hearth login " + profile.name.text() +
                               " --with-key --no-verify keeps it unchecked";
    return std::unexpected(std::move(error));
}

// Another process signed in while this one waited for its turn.
std::optional<Placed> joined(const Shelf& shelf, const Profile& profile, const Stored& before) {
    // Where nobody knows what was there nobody can tell that it is new.
    if (std::holds_alternative<stores::StoreError>(before.found)) return {};
    const auto* const known = std::get_if<SessionPtr>(&before.found);
    auto stored = read_stored(shelf, profile.session);
    auto* const found = std::get_if<SessionPtr>(&stored.found);
    const bool same = found != nullptr && known != nullptr &&
                      (*found)->version.lineage == (*known)->version.lineage;
    if (found == nullptr || same) return {};
    return Placed{
        .session = *found, .journal = std::move(stored.journal), .joined = true, .leftover = {}};
}

// Passes on to the person, and keeps the page that waits for how it ends.
class Attended : public providers::Person {
  public:
    explicit Attended(providers::Person& person) : person_(person) {}

    void show(const providers::Prompt& prompt) override { person_.show(prompt); }
    void on_paste(std::function<void(Secret)> receive) override {
        person_.on_paste(std::move(receive));
    }
    void on_end(providers::Farewell farewell) override { farewell_ = std::move(farewell); }

    void tell(const Result<Placed>& placed) {
        if (!farewell_) return;
        farewell_(placed ? Result<>() : std::unexpected(placed.error()));
        farewell_ = nullptr;
    }

  private:
    providers::Person& person_;
    providers::Farewell farewell_;
};

// False only when the store says so.
bool may_be_stored(const Shelf& shelf, const SessionId& id, const Session& fresh) {
    const auto stored = read_stored(shelf, id);
    if (std::holds_alternative<stores::StoreError>(stored.found)) return true;
    const auto* const found = std::get_if<SessionPtr>(&stored.found);
    return found != nullptr && same_secret((*found)->access_token, fresh.access_token);
}

}  // namespace

Stored read_stored(const Shelf& shelf, const SessionId& id) {
    Stored stored;
    if (auto journal = shelf.journals.read(id)) {
        stored.journal = *std::move(journal);
    } else {
        stored.journal_error = std::move(journal).error();
    }
    auto document = shelf.store.load(id);
    if (!document) {
        stored.found = std::move(document).error();
        return stored;
    }
    const auto& text = *document;
    if (!text) return stored;
    auto session = decode(text->reveal());
    if (session) {
        stored.found = std::make_shared<const Session>(*std::move(session));
    } else {
        stored.found = stores::StoreError{stores::Fault::damaged, std::move(session).error()};
    }
    return stored;
}

Result<Placed> sign_in(const Shelf& shelf, providers::Provider& provider, const Profile& profile,
                       SignInRequest request, providers::Person& person,
                       const std::stop_token& stop, const Borrow& borrow) {
    HEARTH_CHECK(provider.check(profile));
    if (auto writable = shelf.store.probe(); !writable)
        return std::unexpected(as_error(std::move(writable).error()));
    // Before a person is asked for what could not be kept.
    const auto before = read_stored(shelf, profile.session);
    HEARTH_CHECK(check_readable(before));
    const auto which = replacing(request);
    if (request.held) {
        HEARTH_CHECK(check_replaceable(profile, before, {}, which));
        const auto given = HEARTH_TRY(provider.take_over(profile, *std::move(request.held), stop));
        return keep(shelf, profile, given, which, borrow, stop);
    }
    if (request.token) {
        const auto given = HEARTH_TRY(provider.adopt(profile, *std::move(request.token)));
        return keep(shelf, profile, given, which, borrow, stop);
    }
    if (request.key) {
        const auto given = HEARTH_TRY(provider.adopt_key(profile, *std::move(request.key)));
        if (!request.unverified) HEARTH_CHECK(verify_key(provider, profile, given, stop));
        return keep(shelf, profile, given, which, borrow, stop);
    }
    auto turn = HEARTH_TRY(shelf.locks.try_acquire_sign_in(profile.name));
    if (!turn) {
        person.show(providers::Notice{"another sign-in for '" + profile.name.text() +
                                      "' waits for a person; waiting for it"});
        turn = HEARTH_TRY(acquire(
            shelf.clock, [&] { return shelf.locks.try_acquire_sign_in(profile.name); },
            profile.sign_in_timeout,
            {Remedy::failed,
             "another sign-in for '" + profile.name.text() + "' did not end in time",
             "finish or cancel it"},
            stop));
        if (auto placed = joined(shelf, profile, before)) return *std::move(placed);
    }
    Attended attended(person);
    const auto fresh = HEARTH_TRY(provider.sign_in(profile, request.options, attended, stop));
    auto placed = keep(shelf, profile, fresh, which, borrow, stop);
    attended.tell(placed);
    if (!placed && !may_be_stored(shelf, profile.session, fresh)) {
        // Nothing is left behind at the provider either.
        [[maybe_unused]] const auto told = provider.revoke(profile, fresh, {});
    }
    return placed;
}

Result<Placed> sign_out(const Shelf& shelf, providers::Provider& provider, const Profile& profile,
                        const std::stop_token& stop, const Borrow& borrow) {
    const auto lock = HEARTH_TRY(lock_session(shelf, profile.session, borrow, stop));
    const auto stored = read_stored(shelf, profile.session);
    Placed placed;
    HEARTH_CHECK(check_readable(stored));
    if (const auto* found = std::get_if<SessionPtr>(&stored.found)) {
        if (auto revoked = provider.revoke(profile, **found, stop); !revoked)
            placed.leftover = std::move(revoked).error();
    }
    if (auto erased = shelf.store.erase(profile.session); !erased)
        return std::unexpected(as_error(std::move(erased).error()));
    // The session is gone from the store; the journal only tells others sooner.
    [[maybe_unused]] const auto written = shelf.journals.write(profile.session, placed.journal);
    return placed;
}

}  // namespace hearth::session
