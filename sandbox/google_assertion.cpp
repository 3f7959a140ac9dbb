#include "sandbox/google_assertion.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/federation.hpp"
#include "sandbox/members.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr seconds longest{3600};
constexpr seconds clock_leeway{30};

bool verified(const GoogleAccount& account, const Jwt& jwt) {
    const auto key_id = jwt.key_id();
    return std::ranges::any_of(account.keys, [&](const auto& entry) {
        const auto& [id, key] = entry;
        return (key_id.empty() || key_id == id) && key.name() == jwt.algorithm() &&
               key.verifies(jwt.input, jwt.signature);
    });
}

// Issued about now, for an hour at most, and not over.
bool in_time(const object& claims, Instant now) {
    const auto issued = number_in(claims, "iat");
    const auto expires = number_in(claims, "exp");
    if (!issued || !expires) return false;
    const Instant issued_at{seconds(*issued)};
    const Instant expires_at{seconds(*expires)};
    return expires_at > issued_at && expires_at - issued_at <= longest &&
           issued_at <= now + clock_leeway && expires_at > now - clock_leeway;
}

// "https://aiplatform.googleapis.com/", the same of a region, or the sandbox itself.
bool is_audience(const State& state, std::string_view audience, std::string_view service) {
    if (!audience.ends_with('/')) return false;
    audience.remove_suffix(1);
    if (audience == state.settings.origin) return true;
    const auto host = fmt::format("{}.googleapis.com", service);
    return audience == "https://" + host ||
           (audience.starts_with("https://") && audience.ends_with("-" + host));
}

}  // namespace

GrantOutcome<Assertion> signed_assertion(Google& google, std::string_view token, Instant now,
                                         GoogleAccount::Kind kind) {
    const auto jwt = read_jwt(token);
    if (!jwt) return grant_error("invalid_grant", "Invalid JWT: Incorrect token format.");
    const auto found = google.accounts.find(text_in(jwt->claims, "iss"));
    if (found == google.accounts.end() || found->second.kind != kind || !found->second.enabled)
        return grant_error("invalid_grant", "Invalid grant: account not found");
    if (!verified(found->second, *jwt))
        return grant_error("invalid_grant", "Invalid JWT Signature.");
    if (!in_time(jwt->claims, now))
        return grant_error("invalid_grant",
                           "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
                           "reasonable timeframe. Check your iat and exp values in the JWT claim.");
    return Assertion{.account = &found->second, .claims = jwt->claims};
}

GrantOutcome<GoogleCaller> own_jwt(State& state, std::string_view token, std::string_view service,
                                   Instant now) {
    const auto assertion = signed_assertion(state.google, token, now);
    if (!assertion) return std::unexpected(assertion.error());
    const object& claims = assertion->claims;
    if (text_in(claims, "sub") != assertion->account->email)
        return grant_error("invalid_grant", "iss and sub must be the same");
    const auto audience = text_in(claims, "aud");
    const auto scopes = words_of(text_in(claims, "scope"));
    if (audience.empty() == scopes.empty())
        return grant_error("invalid_grant", "there must be aud or scope, and not both");
    if (!audience.empty() && !is_audience(state, audience, service))
        return grant_error("invalid_grant", "aud is another service");
    return GoogleCaller{.principal = assertion->account->email,
                        // The service itself is allowed all that the account may do there.
                        .scopes = scopes.empty() ? words_of(google_cloud_scope) : scopes};
}

bool google_scopes(const std::vector<std::string>& scopes) {
    return std::ranges::all_of(scopes, [](const std::string& scope) {
        return scope == "openid" || scope == "email" || scope == "profile" ||
               scope.starts_with("https://www.googleapis.com/auth/");
    });
}

}  // namespace hearth::sandbox
