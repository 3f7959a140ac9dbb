#include "oauth/token_reply.hpp"

#include <algorithm>
#include <charconv>

#include "core/try.hpp"
#include "oauth/endpoint.hpp"

namespace hearth::oauth {
namespace {

constexpr std::size_t quoted = 200;

Error bad(std::string_view why) { return Error{Remedy::failed, std::string(why), ""}; }

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered;
}

bool is_json(std::string_view content_type) {
    auto type = lower(content_type.substr(0, content_type.find(';')));
    while (type.ends_with(' ')) type.pop_back();
    return type.empty() || type == "application/json" || type.ends_with("+json");
}

// What may stand in a header line after "Bearer ".
bool sendable(const Secret& token) {
    return std::ranges::all_of(token.reveal(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

ErrorReply ErrorReply::read(const HttpResponse& response, const std::vector<Secret>& secrets) {
    const auto body = json::Document::parse(response.body.reveal());
    if (!body) return {};
    return {.code = quotable(body->text("error"), quoted, secrets),
            .description = quotable(body->text("error_description"), quoted, secrets),
            .uri = quotable(body->text("error_uri"), quoted, secrets)};
}

std::string ErrorReply::shown() const {
    if (code.empty()) return {};
    auto text = " (" + code;
    if (!description.empty()) text += ": " + description;
    if (!uri.empty()) text += ", see " + uri;
    return text + ")";
}

Result<TokenReply> read_token_reply(const HttpResponse& response,
                                    const std::vector<Secret>& secrets) {
    if (const auto type = response.header("Content-Type"); !is_json(type)) {
        return std::unexpected(bad("answered " + quotable(type, 40, secrets) + " instead of JSON"));
    }
    const auto body = json::Document::parse(response.body.reveal());
    if (!body) return std::unexpected(bad("answered something that is not a JSON object"));
    auto access_token = body->secret("access_token");
    if (!access_token) return std::unexpected(bad("answered without an access token"));
    if (!sendable(*access_token)) {
        return std::unexpected(bad("answered with a token that no header line can carry"));
    }
    // RFC 6749 section 7.1: a token of a type that is not understood must not be used.
    if (lower(body->text("token_type")) != "bearer") {
        return std::unexpected(bad("answered with a token that is not a bearer token"));
    }
    TokenReply reply{.access_token = *std::move(access_token),
                     .refresh_token = body->secret("refresh_token"),
                     .id_token = body->secret("id_token"),
                     .expires_in = body->seconds("expires_in"),
                     .refresh_expires_in = body->seconds("refresh_expires_in"),
                     .scopes = {},
                     .requested_at = {},
                     .document = *body};
    if (!reply.refresh_expires_in) {
        reply.refresh_expires_in = body->seconds("refresh_token_expires_in");
    }
    // Keycloak's way to say that the refresh token does not expire.
    if (reply.refresh_expires_in == Span{}) reply.refresh_expires_in.reset();
    if (auto scopes = Scopes::parse(body->text("scope")); scopes && !scopes->empty()) {
        reply.scopes = *std::move(scopes);
    }
    return reply;
}

std::optional<Span> retry_after(const HttpResponse& response, Instant now) {
    const auto text = response.header("Retry-After");
    if (text.empty()) return {};
    // Nobody is told to come back later than in a week.
    constexpr Span longest = std::chrono::days(7);
    if (const auto date = parse_http_date(text)) return std::clamp(*date - now, Span{}, longest);
    std::uint32_t seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc() || end != text.data() + text.size()) return {};
    return std::min<Span>(std::chrono::seconds(seconds), longest);
}

std::optional<Span> server_skew(const HttpResponse& response, Instant before, Instant after) {
    const auto date = parse_http_date(response.header("Date"));
    if (!date) return {};
    // A Date has whole seconds: it may be up to one behind the server's own clock.
    const Instant earliest = before - std::chrono::seconds(1);
    if (*date < earliest) return *date - earliest;
    if (*date > after) return *date - after;
    return Span{};
}

}  // namespace hearth::oauth
