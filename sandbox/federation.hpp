// Workload identity federation, as the Claude face offers it: rules that let the identity tokens of
// an issuer in, and the exchange.
#pragma once

#include <boost/json/object.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/instant.hpp"
#include "sandbox/message.hpp"

namespace hearth::sandbox {

struct Exchange;
struct State;

inline constexpr std::string_view jwt_bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

// Which identity tokens are let in, and what they get. The issuer is the sandbox itself.
struct FederationRule {
    std::string id = "fdrl_sandbox";
    std::string organization;  // A UUID.
    std::string service_account = "svac_sandbox";
    std::vector<std::string> workspaces{"wrkspc_sandbox",
                                        "default"};         // The first where none is named.
    std::string subject = "system:serviceaccount:build:*";  // Exact, or a prefix before a star.
    std::string audience = "https://api.anthropic.com";
    std::vector<std::string> scopes{"workspace:developer"};
    seconds lifetime{3600};
};

// What a denial's history says; Claude's answer itself never tells.
struct Denial {
    std::string why;
    bool expired = false;
};
template <class T>
using Judged = std::expected<T, Denial>;

// An identity token whose issuer is known here, whose signature is right, and which is valid now.
struct Identity {
    boost::json::object claims;
    std::string subject;
    Instant expires_at;
};
Judged<Identity> identity_of(State& state, const std::string& token, Instant now);
// Whether the claims name this audience.
bool is_for(const boost::json::object& claims, const std::string& audience);

// POST /v1/oauth/token with the grant `jwt_bearer`.
Response federation_exchange(Exchange& exchange);
// Whether the request is one for the above.
bool asks_for_federation(const Request& request);

// What platforms do, for tests: an identity token with the claims that are asked for, and GitHub's
// token service.
Response identity_endpoint(Exchange& exchange);
Response github_endpoint(Exchange& exchange);
// Changes the rule.
Response federation_rule_endpoint(Exchange& exchange);

}  // namespace hearth::sandbox
