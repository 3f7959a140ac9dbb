// What an issuer says about itself (RFC 8414, OpenID Connect Discovery).
#include "oauth/discovery.hpp"
#include "core/url.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {
namespace {

void require_trustworthy(const oauth::ServerMetadata& server, const std::string& issuer) {
    require(server.issuer == issuer);
    const bool secure = issuer.starts_with("https:");
    const auto& at = server.endpoints;
    for (const auto& endpoint : {at.authorization, at.token, at.device_authorization, at.revocation,
                                 at.userinfo, at.registration, at.jwks}) {
        if (endpoint.empty()) continue;
        const auto url = Url::parse(endpoint);
        require(url && (url->secure() || (!secure && url->loopback())));
    }
}

}  // namespace

void try_input(std::string_view input) {
    OneAnswer http(answer_in(input));
    for (const std::string issuer :
         {"https://issuer.example", "https://issuer.example/tenant/", "http://127.0.0.1:8912"}) {
        const auto server = oauth::discover(http, issuer, {});
        if (server) {
            require_trustworthy(*server, issuer);
        } else {
            require_sound(server.error());
        }
    }
}

}  // namespace hearth::fuzz
