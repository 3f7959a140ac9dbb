// Ports: what processes share beside the store. The lock is one per session and dies with its
// holder; the journal is a small file that is not secret and is written under that lock only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/name.hpp"
#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/error.hpp"

namespace hearth::session {

// Held while it lives.
class HeldLock {
  public:
    virtual ~HeldLock() = default;
};

class Locks {
  public:
    virtual ~Locks() = default;
    // Empty when somebody else holds it. Never waits. Safe from any thread.
    virtual Result<std::unique_ptr<HeldLock>> try_acquire(const SessionId& id) = 0;
    // Another lock of the same kind: one sign-in per profile waits for a person, over all
    // processes.
    virtual Result<std::unique_ptr<HeldLock>> try_acquire_sign_in(const ProfileName& profile) = 0;
};

// What the next process has to know about this session's renewals.
struct Journal {
    // The version that the store held after the last write by anybody; counter 0 and no lineage
    // after an erase.
    Version stored;
    // A renewal that was begun and of which no end was recorded.
    struct Intent {
        Version version;  // Of the session whose refresh token was about to be sent.
        std::uint32_t attempt = 1;
        Instant at;
        bool operator==(const Intent&) const = default;
    };
    std::optional<Intent> intent;
    // Failures in a row, and the wall-clock instant before which nobody tries again.
    std::uint32_t failures = 0;
    std::optional<Instant> not_before;
    // Set once a renewal that a rejection forced was spent on this version.
    std::optional<Version> forced;
    // The session needs a person; the text says why. Cleared by a sign-in.
    std::optional<std::string> sign_in_needed;
    // For people: when and by which process it was last renewed, and the last error.
    std::optional<Instant> renewed_at;
    std::int64_t renewed_by = 0;
    std::string last_error;

    bool operator==(const Journal&) const = default;
};

class Journals {
  public:
    virtual ~Journals() = default;
    // An absent journal is an empty one. A damaged one is an empty one with a `last_error` that
    // says so.
    virtual Result<Journal> read(const SessionId& id) = 0;
    // Durable (fsync) when it returns. Call only under the session's lock.
    virtual Result<> write(const SessionId& id, const Journal& journal) = 0;
    // Calls `changed` on an unspecified thread whenever any process wrote the journal of a session,
    // until destroyed.
    class Watch {
      public:
        virtual ~Watch() = default;
    };
    virtual Result<std::unique_ptr<Watch>> watch(std::function<void(SessionId)> changed) = 0;
};

}  // namespace hearth::session
