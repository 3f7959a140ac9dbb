#include "providers/google/token_claims.hpp"

#include <algorithm>
#include <vector>

#include "oauth/endpoint.hpp"
#include "signing/base64.hpp"

namespace hearth::providers::google {
namespace {

// Of what somebody else wrote no more is shown.
constexpr std::size_t quoted = 200;
constexpr std::size_t most_audiences = 4;

}  // namespace

std::optional<signing::Claims> claims_in(std::string_view token) {
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos) return {};
    const auto payload = signing::from_base64url(token.substr(first + 1, second - first - 1));
    if (!payload) return {};
    auto claims = signing::Claims::parse(*payload);
    if (!claims) return {};
    return *std::move(claims);
}

std::string shown(const signing::Claims& claims, const Secret& token) {
    std::vector<Secret> secrets;
    secrets.push_back(token.clone());
    const auto quote = [&](const std::string& claim) {
        return claim.empty() ? "(none)" : oauth::quotable(claim, quoted, secrets);
    };
    std::string text = "iss " + quote(claims.issuer) + ", sub " + quote(claims.subject) + ", aud ";
    const auto& audience = claims.audience;
    for (std::size_t i = 0; i < std::min(audience.size(), most_audiences); ++i)
        text += (i == 0 ? "" : " ") + quote(audience[i]);
    if (audience.empty()) text += "(none)";
    if (audience.size() > most_audiences) text += " …";
    return text + ", exp " + (claims.expires_at ? to_rfc3339(*claims.expires_at) : "(none)");
}

Span lifetime_until(Instant end, const HttpResponse& response, Instant before) {
    const auto date = parse_http_date(response.header("Date"));
    // A Date has whole seconds: the clock behind it may be almost one further.
    return date ? end - (*date + std::chrono::seconds(1)) : end - before;
}

}  // namespace hearth::providers::google
