#include "oauth/id_token.hpp"

#include <algorithm>
#include <vector>

#include "core/try.hpp"
#include "json/document.hpp"
#include "oauth/exchange.hpp"

namespace hearth::oauth {
namespace {

constexpr Span leeway = std::chrono::seconds(60);

std::unexpected<Error> refused(std::string_view why) {
    return std::unexpected(
        Error{Remedy::refused, "the ID token is refused: " + std::string(why), ""});
}

// The keys that may have signed it: those with its key id, or all that fit when it names none.
std::vector<signing::Key> candidates(const json::Document& key_set, const signing::Jws& jws) {
    std::vector<signing::Key> keys;
    for (const auto& jwk : key_set.objects("keys")) {
        // A set may hold kinds of keys that are not known here.
        auto key = signing::Key::parse(jwk);
        if (!key || !signing::fits(*key, jws.algorithm)) continue;
        if (!jws.key_id.empty() && key->id() != jws.key_id) continue;
        keys.push_back(*std::move(key));
    }
    return keys;
}

Result<std::vector<signing::Key>> fetch_keys(Http& http, const std::string& jwks_uri,
                                             const signing::Jws& jws, const std::stop_token& stop) {
    // The second attempt is for a server that has just changed its keys.
    for (int attempt = 0; attempt < 2; ++attempt) {
        HttpRequest request{
            .url = jwks_uri, .headers = {{"Accept", "application/json"}}, .body = {}};
        const auto key_set =
            HEARTH_TRY(exchange(http, std::move(request), "the key set", {}, stop));
        auto keys = candidates(key_set, jws);
        if (!keys.empty()) return keys;
    }
    return refused("the server does not publish the key that signed it");
}

}  // namespace

Result<> check_claims(const signing::Claims& claims, const IdTokenExpectation& expected,
                      Instant now) {
    if (claims.issuer != expected.issuer) return refused("it is another issuer's");
    if (claims.subject.empty()) return refused("it names no subject");
    const auto& audience = claims.audience;
    if (std::ranges::find(audience, expected.client_id) == audience.end()) {
        return refused("it is for another client");
    }
    const bool party_needed = audience.size() > 1 || !claims.authorized_party.empty();
    if (party_needed && claims.authorized_party != expected.client_id) {
        return refused("another client is its authorized party");
    }
    if (!claims.expires_at || now >= *claims.expires_at + leeway) return refused("it has expired");
    if (!claims.issued_at || *claims.issued_at > now + leeway) {
        return refused("it was issued in the future; check this machine's clock");
    }
    if (!expected.nonce.empty() && claims.nonce != expected.nonce) {
        return refused("its nonce is not the one that was sent");
    }
    return {};
}

Result<signing::Claims> validate_id_token(Http& http, const Secret& id_token,
                                          const std::string& jwks_uri,
                                          const IdTokenExpectation& expected, Instant now,
                                          const std::stop_token& stop) {
    const auto jws = HEARTH_TRY(signing::Jws::parse(id_token.reveal()));
    if (jws.algorithm == "HS256") return refused("it is signed with a shared secret");
    const auto keys = HEARTH_TRY(fetch_keys(http, jwks_uri, jws, stop));
    const bool signed_by_one = std::ranges::any_of(
        keys, [&](const auto& key) { return signing::verify(jws, key).has_value(); });
    if (!signed_by_one) return refused("no key of the server made its signature");
    auto claims = HEARTH_TRY(signing::Claims::parse(jws.payload));
    HEARTH_CHECK(check_claims(claims, expected, now));
    return claims;
}

}  // namespace hearth::oauth
