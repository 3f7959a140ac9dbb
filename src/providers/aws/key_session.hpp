// A session around keys.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session.hpp"
#include "providers/aws/settled.hpp"

namespace hearth::providers::aws {

// Keys that were got by the plan, at `now`. Those that do not expire are asked for again within the
// hour, which is how newer ones are noticed; they are handed out with that hour as their end, so
// that programs come back, too.
Session session_of(const Settled& settled, const Keys& keys, const Session& before,
                   const Moment& now);
// Keys that somebody handed over: there is nowhere to get newer ones from.
Session given_session(const Keys& keys, const Moment& now);

// An API key of Bedrock, short-term or long-term, by how it begins.
bool is_bedrock_key(std::string_view text) noexcept;
// Remedy::usage for one that has expired: a short-term key says when it does.
Result<Session> bedrock_session(Secret key, const Moment& now);

// For requests that name no region; may be empty.
std::string region_of(const Profile& profile, const Session& session);
// Which way of AWS's chain the keys came by, and where that is written.
std::vector<std::pair<std::string, std::string>> origin_of(const Session& session);

}  // namespace hearth::providers::aws
