#include <utility>

#include "core/try.hpp"
#include "json/object_writer.hpp"
#include "providers/google/jwt.hpp"
#include "providers/google/jwt_exchange.hpp"
#include "providers/google/service_account.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

// Not the name of a grant, and what the service wants.
constexpr const char* exchange_grant = "urn:ietf:params:oauth:token-type:token-exchange";
constexpr const char* access_token_type = "urn:ietf:params:oauth:token-type:access_token";
constexpr const char* account_token_type = "urn:k8s:params:oauth:token-type:serviceaccount";

Secret claims_of(const GdchServiceAccount& account, std::chrono::sys_seconds at) {
    const auto name = "system:serviceaccount:" + account.project + ":" + account.name;
    json::ObjectWriter claims;
    claims.text("iss", name)
        .text("sub", name)
        .text("aud", account.token_uri)
        .number("iat", at.time_since_epoch().count())
        .number("exp", (at + jwt_lifetime).time_since_epoch().count());
    return claims.take();
}

Result<JwtRequest> exchange_request(const GdchServiceAccount& account, const Wanted& wanted,
                                    const std::string& place, std::chrono::sys_seconds at) {
    auto jwt = HEARTH_TRY(
        signed_jwt(account.private_key, account.private_key_id, claims_of(account, at), place));
    json::ObjectWriter body;
    body.text("grant_type", exchange_grant)
        .text("audience", wanted.id_token_audience)
        .text("requested_token_type", access_token_type)
        .text("subject_token", jwt.reveal())
        .text("subject_token_type", account_token_type);
    HttpRequest request{
        .method = "POST",
        .url = account.token_uri,
        .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
        .body = body.take()};
    return JwtRequest{.request = std::move(request), .jwt = std::move(jwt)};
}

Error words_of(const Refusal& refusal, const std::string& place) {
    return Error{Remedy::failed, refusal.shown(),
                 "check id_token_audience in the profile, and that the key in " + place +
                     " is still the service identity's"};
}

}  // namespace

TokenResult gdch_token(const GdchServiceAccount& account, const Wanted& wanted,
                       const std::string& place, const Outside& outside,
                       const std::stop_token& stop) {
    if (wanted.id_token_audience.empty())
        return not_asked(Error{Remedy::usage,
                               "a token of Google Distributed Cloud is for one service, and the "
                               "profile does not say which",
                               "set id_token_audience to the service's address"});
    auto token =
        exchange_jwt({.request =
                          [&](std::chrono::sys_seconds at) {
                              return exchange_request(account, wanted, place, at);
                          },
                      .words = [&](const Refusal& refusal) { return words_of(refusal, place); },
                      .expected = Expected::access_token},
                     outside, stop);
    const bool untrusted = !token && token.error().kind == TokenFailure::Kind::not_asked &&
                           token.error().error.remedy == Remedy::failed;
    if (untrusted && !account.ca_cert_path.empty() && token.error().error.hint.empty())
        token.error().error.hint =
            "where the certificate is the reason, name the authority for good: hearth config set "
            "network.certificates " +
            account.ca_cert_path;
    return token;
}

}  // namespace hearth::providers::google
