#include "oauth/token_endpoint.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"

namespace hearth::oauth {
namespace {

// What the profile's settings cause; another attempt does not help.
constexpr std::array<std::string_view, 6> settings_codes{
    "invalid_request",        "invalid_client", "unauthorized_client",
    "unsupported_grant_type", "invalid_scope",  "invalid_target"};

// What the server itself says will pass.
constexpr std::array<std::string_view, 3> passing_codes{"temporarily_unavailable", "server_error",
                                                        "slow_down"};

template <std::size_t size>
bool among(const std::array<std::string_view, size>& list, std::string_view code) {
    return std::ranges::find(list, code) != list.end();
}

std::string place_of(const std::string& url) {
    const auto parsed = Url::parse(url);
    return (parsed ? parsed->host() : std::string("the server")) + ": the token endpoint ";
}

TokenFailure refused(Error error) {
    return {.kind = TokenFailure::Kind::not_done,
            .error = std::move(error),
            .code = {},
            .worth_retrying = false,
            .retry_after = {}};
}

TokenFailure unanswered(HttpFailure failure) {
    const bool lost = failure.stage == HttpFailure::Stage::no_answer;
    return {.kind = lost ? TokenFailure::Kind::answer_lost : TokenFailure::Kind::not_done,
            .error = std::move(failure.error),
            .code = {},
            .worth_retrying = true,
            .retry_after = {}};
}

bool passing_status(int status) {
    return status >= 500 || status == 429 || status == 408 || status == 425;
}

// An answer that is not a token.
TokenFailure failure_of(const HttpResponse& response, const std::string& url, Instant now,
                        const std::vector<Secret>& secrets) {
    const auto reply = ErrorReply::read(response, secrets);
    const bool passing = passing_status(response.status) || among(passing_codes, reply.code);
    TokenFailure failure;
    failure.code = reply.code;
    failure.retry_after = retry_after(response, now);
    failure.error.what = place_of(url) + "answered " + std::to_string(response.status) +
                         reply.shown() + request_id(response, secrets);
    if (reply.code == "invalid_grant" && !passing) {
        failure.kind = TokenFailure::Kind::grant_invalid;
        failure.worth_retrying = false;
        failure.error.remedy = Remedy::sign_in;
    } else if (passing || reply.code.empty()) {
        // Without an OAuth error it was not the authorization server that spoke, but something in
        // between.
        failure.error.remedy = Remedy::unreachable;
    } else {
        failure.worth_retrying = false;
        failure.error.remedy = among(settings_codes, reply.code) ? Remedy::usage : Remedy::failed;
        failure.error.hint = reply.code == "invalid_client" || reply.code == "unauthorized_client"
                                 ? "check client_id, client_secret and client_auth of the profile"
                                 : "";
    }
    return failure;
}

// A 200 that says "error" after all, as some servers do.
bool says_error(const HttpResponse& response) {
    const auto body = json::Document::parse(response.body.reveal());
    return body && !body->text("error").empty() && !body->has("access_token");
}

// The server believes that it has issued a token, so what was presented may be spent.
TokenFailure lost(const HttpResponse& response, const std::string& url, std::string_view why,
                  const std::vector<Secret>& secrets) {
    return {.kind = TokenFailure::Kind::answer_lost,
            .error = {Remedy::failed,
                      place_of(url) + std::string(why) + request_id(response, secrets), ""},
            .code = {},
            .worth_retrying = true,
            .retry_after = {}};
}

std::expected<TokenReply, TokenFailure> outcome_of(const HttpResponse& response,
                                                   const std::string& url, Instant now,
                                                   const std::vector<Secret>& secrets) {
    if (response.status < 200 || response.status > 299 || says_error(response)) {
        return std::unexpected(failure_of(response, url, now, secrets));
    }
    if (response.status != 200) {
        const auto status = std::to_string(response.status);
        return std::unexpected(
            lost(response, url, "answered " + status + " where only 200 is a success", secrets));
    }
    auto reply = read_token_reply(response, secrets);
    if (!reply) return std::unexpected(lost(response, url, reply.error().what, secrets));
    return *std::move(reply);
}

void add_resources(Form& form, const std::vector<std::string>& resources) {
    for (const auto& resource : resources) form.add("resource", resource);
}

}  // namespace

TokenAnswer TokenEndpoint::ask(const std::string& url, const Client& client, Form form,
                               const std::stop_token& stop) {
    auto request = form_request(url, client, form);
    return send(std::move(request), form.secrets(), stop);
}

TokenAnswer TokenEndpoint::send(HttpRequest request, const std::vector<Secret>& secrets,
                                const std::stop_token& stop) {
    const auto url = request.url;
    if (auto allowed = endpoint("the token endpoint", url); !allowed) {
        return {.outcome = std::unexpected(refused(allowed.error())), .server_skew = {}};
    }
    const auto before = clock_.now();
    auto response = http_.send(std::move(request), stop);
    if (!response) {
        return {.outcome = std::unexpected(unanswered(std::move(response).error())),
                .server_skew = {}};
    }
    const auto after = clock_.now();
    auto outcome = outcome_of(*response, url, after.wall, secrets);
    if (outcome) outcome->requested_at = before;
    return {.outcome = std::move(outcome),
            .server_skew = server_skew(*response, before.wall, after.wall)};
}

Form code_grant(const Secret& code, const Secret& verifier, const std::string& redirect_uri,
                const std::vector<std::string>& resources) {
    Form form;
    form.add("grant_type", "authorization_code").add("code", code).add("code_verifier", verifier);
    form.add("redirect_uri", redirect_uri);
    add_resources(form, resources);
    return form;
}

Form refresh_grant(const Secret& refresh_token, const std::vector<std::string>& resources) {
    Form form;
    form.add("grant_type", "refresh_token").add("refresh_token", refresh_token);
    add_resources(form, resources);
    return form;
}

Form device_grant(const Secret& device_code, const std::vector<std::string>& resources) {
    Form form;
    form.add("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    form.add("device_code", device_code);
    add_resources(form, resources);
    return form;
}

}  // namespace hearth::oauth
