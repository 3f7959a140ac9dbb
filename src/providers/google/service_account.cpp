#include "providers/google/service_account.hpp"

#include <utility>

#include "core/try.hpp"
#include "core/url.hpp"
#include "json/object_writer.hpp"
#include "oauth/form.hpp"
#include "providers/google/jwt.hpp"
#include "providers/google/jwt_exchange.hpp"
#include "providers/google/service_account_refusal.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

constexpr const char* jwt_bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
// Whatever the address of Google's that it is sent to, as Google's own programs have it.
constexpr const char* google_audience = "https://oauth2.googleapis.com/token";

// What somebody on this machine takes in Google's place is to be of no use at Google.
std::string audience_for(const std::string& token_uri) {
    const auto url = Url::parse(token_uri);
    return url && url->loopback() ? token_uri : google_audience;
}

void add_times(json::ObjectWriter& claims, std::chrono::sys_seconds at) {
    claims.number("iat", at.time_since_epoch().count())
        .number("exp", (at + jwt_lifetime).time_since_epoch().count());
}

// Of the grant (AIP-4112).
Secret assertion_claims(const ServiceAccount& account, const Wanted& wanted,
                        std::chrono::sys_seconds at) {
    json::ObjectWriter claims;
    claims.text("iss", account.client_email);
    if (!wanted.subject.empty()) claims.text("sub", wanted.subject);
    claims.text("aud", audience_for(account.token_uri));
    add_times(claims, at);
    if (wanted.id_token_audience.empty()) {
        claims.text("scope", scope_text(wanted.scopes));
    } else {
        claims.text("target_audience", wanted.id_token_audience);
    }
    return claims.take();
}

// Of the service itself (AIP-4111): an audience or scopes, never both.
Secret own_claims(const ServiceAccount& account, const Wanted& wanted,
                  std::chrono::sys_seconds at) {
    json::ObjectWriter claims;
    claims.text("iss", account.client_email).text("sub", account.client_email);
    if (wanted.jwt_audience.empty()) {
        claims.text("scope", scope_text(wanted.scopes));
    } else {
        claims.text("aud", wanted.jwt_audience);
    }
    add_times(claims, at);
    return claims.take();
}

TokenResult own_jwt(const ServiceAccount& account, const Wanted& wanted, const std::string& place,
                    const Outside& outside) {
    if (!wanted.subject.empty())
        return not_asked(Error{
            Remedy::usage, "a JWT that the key signs for a service is for nobody but the account",
            "take subject out of the profile, or jwt_audience; other clouds than Google's know "
            "no subject"});
    const auto at = std::chrono::floor<std::chrono::seconds>(outside.clock.now().wall);
    auto jwt = signed_jwt(account.private_key, account.private_key_id,
                          own_claims(account, wanted, at), place);
    if (!jwt) return not_asked(std::move(jwt).error());
    return Token{
        .value = *std::move(jwt), .lifetime = jwt_lifetime, .refresh_token = {}, .server_skew = {}};
}

Result<JwtRequest> grant_request(const ServiceAccount& account, const Wanted& wanted,
                                 const std::string& place, std::chrono::sys_seconds at) {
    auto jwt = HEARTH_TRY(signed_jwt(account.private_key, account.private_key_id,
                                     assertion_claims(account, wanted, at), place));
    oauth::Form form;
    form.add("grant_type", jwt_bearer).add("assertion", jwt);
    HttpRequest request{.method = "POST",
                        .url = account.token_uri,
                        .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                    {"Accept", "application/json"}},
                        .body = form.body()};
    return JwtRequest{.request = std::move(request), .jwt = std::move(jwt)};
}

}  // namespace

TokenResult service_account_token(const ServiceAccount& account, const Wanted& wanted,
                                  const std::string& place, const Outside& outside,
                                  const std::stop_token& stop) {
    const bool id_token = !wanted.id_token_audience.empty();
    if (!id_token && (wanted.own_jwt || !wanted.jwt_audience.empty()))
        return own_jwt(account, wanted, place, outside);
    return exchange_jwt(
        {.request =
             [&](std::chrono::sys_seconds at) { return grant_request(account, wanted, place, at); },
         .words =
             [&](const Refusal& refusal) {
                 return refusal_of_account(refusal, account, wanted, place);
             },
         .expected = id_token ? Expected::id_token : Expected::access_token},
        outside, stop);
}

}  // namespace hearth::providers::google
