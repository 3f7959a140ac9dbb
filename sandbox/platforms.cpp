// What the platforms do on which workloads run, for tests: they issue identity tokens. Google's
// is in google_metadata.cpp.
#include "sandbox/federation.hpp"
#include "sandbox/members.hpp"
#include "sandbox/parameters.hpp"
#include "sandbox/state.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view github_request_token = "sandbox_github_request_token";

object claims_for(const State& state, const std::string& audience, Instant now) {
    return {{"iss", state.settings.origin},
            {"sub", "system:serviceaccount:build:runner"},
            {"aud", audience},
            {"iat", to_unix(now)},
            {"exp", to_unix(now + seconds(600))}};
}

object body_of(const Request& request) { return object_in(request.body).value_or(object()); }

std::string audience_in(const Request& request) {
    return Parameters::parse(request.query).value_or(Parameters()).one("audience");
}

}  // namespace

// {"claims": {…}, "algorithm": "RS256"}: the claims come over the usual ones; one that is null is
// left out.
Response identity_endpoint(Exchange& exchange) {
    const auto body = body_of(exchange.request);
    auto claims = claims_for(exchange.state, exchange.state.federation.audience, exchange.now);
    const auto* changes = body.if_contains("claims");
    if (changes != nullptr && changes->is_object()) {
        for (const auto& change : changes->get_object()) {
            if (change.value().is_null()) {
                claims.erase(change.key());
            } else {
                claims[change.key()] = change.value();
            }
        }
    }
    const auto* name = body.if_contains("algorithm");
    const bool rsa = name != nullptr && name->is_string() && name->get_string() == "RS256";
    const auto& key = exchange.state.keys.of(rsa ? Algorithm::rs256 : Algorithm::es256);
    return json_response(200, {{"token", key.sign(claims)}});
}

Response github_endpoint(Exchange& exchange) {
    if (exchange.request.bearer() != github_request_token)
        return json_response(401, {{"message", "the request token is wrong"}});
    const auto claims = claims_for(exchange.state, audience_in(exchange.request), exchange.now);
    return json_response(
        200, {{"count", 1}, {"value", exchange.state.keys.of(Algorithm::es256).sign(claims)}});
}

// {"subject": …, "audience": …, "lifetime": seconds}: what is left out stays.
Response federation_rule_endpoint(Exchange& exchange) {
    const auto body = body_of(exchange.request);
    auto& rule = exchange.state.federation;
    const auto set = [&](const char* name, std::string& place) {
        const auto* value = body.if_contains(name);
        if (value != nullptr && value->is_string()) place = value->get_string();
    };
    set("subject", rule.subject);
    set("audience", rule.audience);
    const auto* lifetime = body.if_contains("lifetime");
    if (lifetime != nullptr && lifetime->is_int64()) rule.lifetime = seconds(lifetime->get_int64());
    return json_response(200, {{"id", rule.id},
                               {"organization", rule.organization},
                               {"service_account", rule.service_account},
                               {"subject", rule.subject},
                               {"audience", rule.audience},
                               {"lifetime", rule.lifetime.count()}});
}

}  // namespace hearth::sandbox
