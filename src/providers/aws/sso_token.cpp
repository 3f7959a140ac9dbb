#include "providers/aws/sso_token.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "json/object_writer.hpp"
#include "oauth/endpoint.hpp"
#include "providers/aws/sso_exchange.hpp"

namespace hearth::providers::aws {
namespace {

using Kind = oauth::TokenFailure::Kind;

Secret grant_body(const SsoClient& client, const SsoGrant& grant) {
    json::ObjectWriter body;
    body.text("clientId", client.id).text("clientSecret", client.secret.reveal());
    if (const auto* const code = std::get_if<SsoCode>(&grant))
        body.text("grantType", "authorization_code")
            .text("code", code->code.reveal())
            .text("redirectUri", code->redirect_uri)
            .text("codeVerifier", code->verifier.reveal());
    if (const auto* const device = std::get_if<SsoDevice>(&grant))
        body.text("grantType", "urn:ietf:params:oauth:grant-type:device_code")
            .text("deviceCode", device->device_code.reveal());
    if (const auto* const refresh = std::get_if<SsoRefresh>(&grant))
        body.text("grantType", "refresh_token")
            .text("refreshToken", refresh->refresh_token.reveal());
    return body.take();
}

std::vector<Secret> secrets_of(const SsoClient& client, const SsoGrant& grant) {
    std::vector<Secret> secrets;
    secrets.push_back(client.secret.clone());
    if (const auto* const code = std::get_if<SsoCode>(&grant)) {
        secrets.push_back(code->code.clone());
        secrets.push_back(code->verifier.clone());
    }
    if (const auto* const device = std::get_if<SsoDevice>(&grant))
        secrets.push_back(device->device_code.clone());
    if (const auto* const refresh = std::get_if<SsoRefresh>(&grant))
        secrets.push_back(refresh->refresh_token.clone());
    return secrets;
}

// What the sign-in rests on is gone: the refresh token, or the registration that it was issued to.
bool grant_is_dead(std::string_view code) {
    constexpr std::array<std::string_view, 4> dead{"invalid_grant", "expired_token",
                                                   "invalid_client", "unauthorized_client"};
    return std::ranges::find(dead, code) != dead.end();
}

oauth::TokenFailure failure_of(const HttpResponse& response, const std::string& url, Instant now,
                               const std::vector<Secret>& secrets) {
    const auto refusal = SsoRefusal::read(response, secrets);
    oauth::TokenFailure failure{
        .kind = Kind::not_done,
        .error = sso_error(response, refusal, url, "the token endpoint", Remedy::failed),
        .code = refusal.code,
        // Without a name it was not the service that spoke, but something in between.
        .worth_retrying = refusal.passing || refusal.code.empty(),
        .retry_after = oauth::retry_after(response, now)};
    if (failure.worth_retrying) {
        failure.error.remedy = Remedy::unreachable;
        return failure;
    }
    failure.error.hint = refusal.next_step;
    if (!grant_is_dead(refusal.code)) return failure;
    failure.kind = Kind::grant_invalid;
    failure.error.remedy = Remedy::sign_in;
    failure.error.hint = "sign in again";
    return failure;
}

// What may stand in a header line.
bool sendable(const Secret& token) {
    return std::ranges::all_of(token.reveal(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Result<oauth::TokenReply> reply_in(const HttpResponse& response) {
    const auto body = json::Document::parse(response.body.reveal());
    auto access_token = body ? body->secret("accessToken") : std::nullopt;
    if (!access_token || !sendable(*access_token))
        return std::unexpected(
            Error{Remedy::failed, "the token endpoint answered without an access token", ""});
    const auto type = body->text("tokenType");
    if (!type.empty() && type != "Bearer" && type != "bearer")
        return std::unexpected(
            Error{Remedy::failed,
                  "the token endpoint answered with a token that is not a bearer token", ""});
    return oauth::TokenReply{.access_token = *std::move(access_token),
                             .refresh_token = body->secret("refreshToken"),
                             .id_token = {},
                             .expires_in = body->seconds("expiresIn"),
                             .refresh_expires_in = {},
                             .scopes = {},
                             .requested_at = {},
                             .document = *body};
}

std::unexpected<oauth::TokenFailure> unanswered(Kind kind, Error error, bool worth_retrying) {
    return std::unexpected(oauth::TokenFailure{.kind = kind,
                                               .error = std::move(error),
                                               .code = {},
                                               .worth_retrying = worth_retrying,
                                               .retry_after = {}});
}

}  // namespace

oauth::TokenAnswer ask_sso_token(Http& http, const Clock& clock, const std::string& token_url,
                                 const SsoClient& client, const SsoGrant& grant,
                                 const std::stop_token& stop) {
    if (auto allowed = oauth::endpoint("the token endpoint", token_url); !allowed)
        return {.outcome = unanswered(Kind::not_done, std::move(allowed).error(), false),
                .server_skew = {}};
    const auto before = clock.now();
    auto response = http.send(sso_post(token_url, grant_body(client, grant)), stop);
    if (!response) {
        auto failure = std::move(response).error();
        const bool lost = failure.stage == HttpFailure::Stage::no_answer;
        return {.outcome = unanswered(lost ? Kind::answer_lost : Kind::not_done,
                                      std::move(failure.error), true),
                .server_skew = {}};
    }
    const auto after = clock.now();
    oauth::TokenAnswer answer{
        .outcome = unanswered(Kind::not_done, {}, false),
        .server_skew = oauth::server_skew(*response, before.wall, after.wall)};
    if (response->status < 200 || response->status > 299) {
        answer.outcome = std::unexpected(
            failure_of(*response, token_url, after.wall, secrets_of(client, grant)));
        return answer;
    }
    auto reply = reply_in(*response);
    if (reply) {
        reply->requested_at = before;
        answer.outcome = *std::move(reply);
    } else {
        // The service believes that it has issued a token, so what was presented may be spent.
        answer.outcome = unanswered(Kind::answer_lost, std::move(reply).error(), true);
    }
    return answer;
}

}  // namespace hearth::providers::aws
