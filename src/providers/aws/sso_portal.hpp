// The portal of IAM Identity Center: which roles a sign-in may take, and their keys.
#pragma once

#include <expected>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "providers/aws/keys.hpp"

namespace hearth::providers::aws {

// Whose sign-in asks, and where.
struct SsoCaller {
    std::string portal;  // As SsoPlace has it.
    const Secret& access_token;
    std::string sign_in;  // The command that signs in, for the hint of an error.
};

struct SsoRole {
    std::string account_id;
    std::string role_name;
    bool operator==(const SsoRole&) const = default;
};

struct SsoAccount {
    std::string id;
    std::string name;
    std::string email;
    std::vector<std::string> roles;
};

// Each blocks its caller, for one request or one for every page. A sign-in that is over is
// Kind::needs_person, a role that it may not take Kind::refused.
KeysResult role_keys(const SsoCaller& caller, const SsoRole& role, Http& http, const Clock& clock,
                     const std::stop_token& stop);

using SsoAccounts = std::expected<std::vector<SsoAccount>, KeysFailure>;
// With the roles of each, in the portal's order; where `only` names an account, of that alone.
SsoAccounts accounts_and_roles(const SsoCaller& caller, std::string_view only, Http& http,
                               const Clock& clock, const std::stop_token& stop);

// How the portal is told who asks.
Header portal_token(const Secret& access_token);

}  // namespace hearth::providers::aws
