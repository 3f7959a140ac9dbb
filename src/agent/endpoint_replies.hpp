// What an endpoint answers, as it goes over the wire.
#pragma once

#include <optional>

#include "agent/endpoint_judge.hpp"
#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::agent {

// A program that asks nothing for so long is let go.
inline constexpr Span endpoint_idle = std::chrono::seconds(15);

// The credential as AWS's SDKs read it from a container's endpoint. They want to be told when to
// ask again: `ask_again` stands for the expiry of keys that have none.
Secret credential_reply(const Credential& credential, Instant ask_again);
// There is none now, and why.
Secret failure_reply(const Error& error);
// To a request that is not granted; the connection ends with it.
Secret refusal_reply(Verdict verdict);

}  // namespace hearth::agent
