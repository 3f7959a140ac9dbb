#include "providers/claude/assertion.hpp"

#include <algorithm>
#include <array>

#include "core/try.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "signing/base64.hpp"

namespace hearth::providers::claude {
namespace {

// Of what somebody else wrote no more is shown.
constexpr std::size_t quoted = 200;
constexpr std::size_t most_audiences = 4;

constexpr std::array<std::string_view, 9> algorithms{"RS256", "RS384", "RS512", "PS256", "PS384",
                                                     "PS512", "ES256", "ES384", "ES512"};

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

struct Parts {
    json::Document header;
    json::Document claims;
};

// RFC 7515 section 7.1: header, payload and signature. Absent for anything else.
std::optional<Parts> parts_of(std::string_view token) {
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos) return {};
    const auto signature = token.substr(second + 1);
    if (signature.empty() || !signing::from_base64url(signature)) return {};
    const auto header = signing::from_base64url(token.substr(0, first));
    const auto payload = signing::from_base64url(token.substr(first + 1, second - first - 1));
    if (!header || !payload) return {};
    auto header_object = json::Document::parse(*header);
    auto claims = json::Document::parse(*payload);
    if (!header_object || !claims) return {};
    return Parts{.header = *std::move(header_object), .claims = *std::move(claims)};
}

std::optional<std::string> wrong_with(const Parts& parts) {
    const auto algorithm = parts.header.text("alg");
    if (std::ranges::find(algorithms, algorithm) == algorithms.end())
        return "is signed in a way that the exchange does not take (RS, PS and ES are)";
    if (parts.header.text("kid").empty()) return "does not name the key it is signed with (kid)";
    for (const auto* const claim : {"sub", "iat", "exp"}) {
        if (!parts.claims.has(claim)) return std::string("lacks the claim ") + claim;
    }
    if (!parts.claims.number("exp")) return "says nothing readable about when it expires (exp)";
    return {};
}

}  // namespace

Result<Assertion> Assertion::parse(std::string_view text, std::string_view where) {
    const auto wrong = [&](const std::string& what) {
        return std::unexpected(
            Error{Remedy::failed, std::string(where) + " " + what,
                  "it has to be the JSON Web Token that the platform issues for this workload"});
    };
    const auto token = trimmed(text);
    if (token.empty()) return wrong("is empty");
    if (token.size() > longest_assertion)
        return wrong("is longer than " + std::to_string(longest_assertion) + " characters");
    const auto parts = parts_of(token);
    if (!parts) return wrong("is not a JSON Web Token");
    if (const auto what = wrong_with(*parts)) return wrong(*what);
    return Assertion{.token = Secret(token),
                     .algorithm = parts->header.text("alg"),
                     .key_id = parts->header.text("kid"),
                     .issuer = parts->claims.text("iss"),
                     .subject = parts->claims.text("sub"),
                     .audience = parts->claims.texts("aud"),
                     .expires_at = Instant(parts->claims.seconds("exp").value_or(Span()))};
}

std::string Assertion::shown() const {
    std::vector<Secret> secrets;
    secrets.push_back(token.clone());
    const auto quote = [&](const std::string& claim) {
        return claim.empty() ? "(none)" : oauth::quotable(claim, quoted, secrets);
    };
    std::string text = "iss " + quote(issuer) + ", sub " + quote(subject) + ", aud ";
    for (std::size_t i = 0; i < std::min(audience.size(), most_audiences); ++i)
        text += (i == 0 ? "" : " ") + quote(audience[i]);
    if (audience.empty()) text += "(none)";
    if (audience.size() > most_audiences) text += " …";
    return text + ", exp " + to_rfc3339(expires_at) + ", kid " + quote(key_id);
}

}  // namespace hearth::providers::claude
