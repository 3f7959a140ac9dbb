// What a person starts: signing in and signing out. Each blocks the thread it runs on, takes the
// session's lock like any writer, and leaves nothing behind when it fails or is stopped.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "core/clock.hpp"
#include "core/random.hpp"
#include "providers/provider.hpp"
#include "session/engine.hpp"
#include "session/lock.hpp"
#include "session/machine.hpp"
#include "stores/store.hpp"

namespace hearth::session {

// What processes share, and the clocks. References to what outlives every ceremony.
struct Shelf {
    const Clock& clock;
    Random& random;
    Locks& locks;
    Journals& journals;
    stores::Store& store;
};

// Store and journal, read as they are. Never prompts.
Stored read_stored(const Shelf& shelf, const SessionId& id);

// What is in the store afterwards, for the machine.
struct Placed {
    SessionPtr session;  // Null when signed out.
    Journal journal;
    bool joined = false;            // Another process's sign-in was waited for and taken.
    std::optional<Error> leftover;  // Signed out here, but the provider could not be told.
};

// Called again and again while the session's lock is wanted: a keeper of this process that holds it
// for a session it could not save lends it. Null as long as it has not.
using Borrow = std::function<std::unique_ptr<HeldLock>()>;

// Asks the person, then saves under the lock. Proves first that the store can be written; refuses
// another account than the one that is there unless `request.switch_account`, and one of an
// organisation that the profile does not allow; revokes what cannot be kept. A key is first tried
// at the provider, unless `request.unverified`. Tokens that another program holds never replace a
// session.
Result<Placed> sign_in(const Shelf& shelf, providers::Provider& provider, const Profile& profile,
                       SignInRequest request, providers::Person& person,
                       const std::stop_token& stop, const Borrow& borrow = {});

// Revokes, then erases, whatever the provider says.
Result<Placed> sign_out(const Shelf& shelf, providers::Provider& provider, const Profile& profile,
                        const std::stop_token& stop, const Borrow& borrow = {});

}  // namespace hearth::session
