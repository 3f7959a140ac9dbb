#include "providers/google/token_answer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/try.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/token_reply.hpp"
#include "providers/google/token_claims.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

constexpr Span customary_lifetime = std::chrono::hours(1);
constexpr std::size_t quoted = 200;
constexpr std::size_t longest_code = 80;

// Google says them in the one member or in the other.
constexpr std::array<std::string_view, 3> passing_words{"internal_failure", "server_error",
                                                        "temporarily_unavailable"};

bool among_passing(std::string_view word) {
    return std::ranges::find(passing_words, word) != passing_words.end();
}

std::string host_of(const std::string& url) {
    const auto parsed = Url::parse(url);
    return parsed ? parsed->host() : "the server";
}

Refusal refusal_in(const HttpResponse& response, const std::string& url,
                   const std::vector<Secret>& secrets, Instant now) {
    Refusal refusal{.status = response.status,
                    .host = host_of(url),
                    .code = {},
                    .description = {},
                    .subtype = {},
                    .retry_after = oauth::retry_after(response, now)};
    const auto body = json::Document::parse(response.body.reveal());
    if (!body) return refusal;
    const auto text = [&](const json::Document& object, std::string_view name, std::size_t limit) {
        return oauth::quotable(object.text(name), limit, secrets);
    };
    // Where the front of Google's services answers, the error is an object.
    const auto inner = body->object("error");
    refusal.code =
        inner.empty() ? text(*body, "error", longest_code) : text(inner, "status", longest_code);
    refusal.description =
        inner.empty() ? text(*body, "error_description", quoted) : text(inner, "message", quoted);
    refusal.subtype = text(*body, "error_subtype", longest_code);
    return refusal;
}

Error unreadable(std::string_view why) { return Error{Remedy::failed, std::string(why), ""}; }

Result<Token> access_token_in(const HttpResponse& response, const std::vector<Secret>& secrets) {
    auto reply = HEARTH_TRY(oauth::read_token_reply(response, secrets));
    return Token{.value = std::move(reply.access_token),
                 .lifetime = reply.expires_in.value_or(customary_lifetime),
                 .refresh_token = std::move(reply.refresh_token),
                 .server_skew = {}};
}

// What may stand in a header line after "Bearer ".
bool sendable(const Secret& token) {
    return std::ranges::all_of(token.reveal(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Its end is in the token itself.
Result<Token> id_token_in(const HttpResponse& response, Instant before) {
    const auto body = json::Document::parse(response.body.reveal());
    if (!body) return std::unexpected(unreadable("answered something that is not a JSON object"));
    auto token = body->secret("id_token");
    if (!token) return std::unexpected(unreadable("answered without an ID token"));
    const auto claims = sendable(*token) ? claims_in(token->reveal()) : std::nullopt;
    if (!claims || !claims->expires_at)
        return std::unexpected(unreadable("answered with an ID token that cannot be read"));
    return Token{.value = *std::move(token),
                 .lifetime = lifetime_until(*claims->expires_at, response, before),
                 .refresh_token = body->secret("refresh_token"),
                 .server_skew = {}};
}

// A 200 that says "error" after all.
bool says_error(const HttpResponse& response) {
    const auto body = json::Document::parse(response.body.reveal());
    return body && body->has("error") && !body->has("access_token") && !body->has("id_token");
}

}  // namespace

bool Refusal::passes() const noexcept {
    return google::passes(status) || among_passing(code) || among_passing(description) ||
           code.empty();
}

std::string Refusal::shown() const {
    auto text = host + ": the token endpoint answered " + std::to_string(status);
    if (code.empty()) return text;
    text += " (" + code;
    if (!subtype.empty()) text += ", " + subtype;
    if (!description.empty()) text += ": " + description;
    return text + ")";
}

bool Refusal::says(std::string_view lower_case) const {
    auto lowered = description;
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered.contains(lower_case);
}

TokenFailure Refusal::passing_failure() const {
    return {.kind = TokenFailure::Kind::passing,
            .error = {Remedy::unreachable, shown(), ""},
            .retry_after = retry_after,
            .server_skew = {}};
}

std::string scope_text(const std::vector<std::string>& scopes) {
    std::string text;
    for (const auto& scope : scopes) text += (text.empty() ? "" : " ") + scope;
    return text;
}

std::expected<Answer, HttpFailure> ask_for_token(HttpRequest request,
                                                 const std::vector<Secret>& secrets,
                                                 Expected expected, const Outside& outside,
                                                 const std::stop_token& stop) {
    const auto url = request.url;
    if (auto allowed = oauth::endpoint("the token endpoint", url); !allowed)
        return std::unexpected(HttpFailure{HttpFailure::Stage::not_sent, allowed.error()});
    const auto before = outside.clock.now().wall;
    const auto response = outside.http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error());
    const auto after = outside.clock.now().wall;
    Answer answer{.outcome = Refusal{},
                  .server_skew = oauth::server_skew(*response, before, after)};
    if (response->status != 200 || says_error(*response)) {
        answer.outcome = refusal_in(*response, url, secrets, after);
        return answer;
    }
    auto token = expected == Expected::id_token ? id_token_in(*response, before)
                                                : access_token_in(*response, secrets);
    if (token) {
        token->server_skew = answer.server_skew;
        answer.outcome = *std::move(token);
    } else {
        auto error = std::move(token).error();
        error.what = host_of(url) + ": the token endpoint " + error.what;
        answer.outcome = Unreadable{std::move(error)};
    }
    return answer;
}

}  // namespace hearth::providers::google
