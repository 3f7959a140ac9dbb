#pragma once

#include <expected>
#include <optional>
#include <string>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "providers/aws/plan.hpp"

namespace hearth::providers::aws {

// What a request is signed with.
struct Keys {
    StaticKeys keys;
    std::optional<Instant> expires_at;  // Absent for keys that do not expire.
    std::string arn;                    // Who they speak for; empty where nobody said.
    // How far the clock of whoever gave them is ahead of this machine's, where it told.
    std::optional<Span> server_skew;
};

// Why there are none.
struct KeysFailure {
    enum class Kind : std::uint8_t {
        passing,        // It may be tried again.
        expired,        // What they were asked for with is no longer good.
        refused,        // Somebody has to change something first.
        not_asked,      // The same, and it is here: no service was asked.
        needs_person,   // A sign-in, or a code that only a person has.
        needs_program,  // A command, which whoever asks has to run.
    };
    Kind kind = Kind::refused;
    Error error;
    std::optional<Span> retry_after;
};

using KeysResult = std::expected<Keys, KeysFailure>;

}  // namespace hearth::providers::aws
