#include "oauth/discovery.hpp"

#include <algorithm>
#include <array>

#include "core/try.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"

namespace hearth::oauth {
namespace {

struct Member {
    std::string_view name;
    std::string Endpoints::* place;
};

constexpr std::array members{
    Member{"authorization_endpoint", &Endpoints::authorization},
    Member{"token_endpoint", &Endpoints::token},
    Member{"device_authorization_endpoint", &Endpoints::device_authorization},
    Member{"revocation_endpoint", &Endpoints::revocation},
    Member{"userinfo_endpoint", &Endpoints::userinfo},
    Member{"registration_endpoint", &Endpoints::registration},
    Member{"jwks_uri", &Endpoints::jwks},
};

Result<Endpoints> endpoints_in(const json::Document& document, const Url& issuer) {
    Endpoints endpoints;
    for (const auto& member : members) {
        auto url = document.text(member.name);
        if (url.empty()) continue;
        const auto parsed = HEARTH_TRY(endpoint(member.name, url));
        if (issuer.secure() && !parsed.secure()) {
            return std::unexpected(Error{Remedy::refused,
                                         issuer.host() + ": its " + std::string(member.name) +
                                             " is plain http although the issuer is https",
                                         ""});
        }
        endpoints.*member.place = std::move(url);
    }
    return endpoints;
}

Result<ServerMetadata> read(const json::Document& document, const std::string& issuer,
                            const Url& issuer_url) {
    // RFC 8414 section 3.3: identical, character by character, or the document must not be used.
    if (document.text("issuer") != issuer) {
        return std::unexpected(Error{Remedy::refused,
                                     issuer_url.host() + ": the metadata names another issuer: " +
                                         printable(document.text("issuer"), 200),
                                     "set issuer to exactly what the server calls itself"});
    }
    const auto methods = document.texts("code_challenge_methods_supported");
    if (document.has("code_challenge_methods_supported") &&
        std::ranges::find(methods, "S256") == methods.end()) {
        return std::unexpected(Error{
            Remedy::refused, issuer_url.host() + ": the server does not offer PKCE with S256", ""});
    }
    auto endpoints = HEARTH_TRY(endpoints_in(document, issuer_url));
    return ServerMetadata{
        .issuer = issuer,
        .endpoints = std::move(endpoints),
        .scopes_supported = document.texts("scopes_supported"),
        .client_auth_methods = document.texts("token_endpoint_auth_methods_supported"),
        .promises_iss = document.flag("authorization_response_iss_parameter_supported"),
    };
}

std::string without_slash(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    return text;
}

}  // namespace

std::vector<std::string> metadata_urls(const std::string& issuer) {
    const auto trimmed = without_slash(issuer);
    const auto host = trimmed.find("://");
    const auto path = host == std::string::npos ? host : trimmed.find('/', host + 3);
    const auto origin = trimmed.substr(0, path);
    const auto rest = path == std::string::npos ? std::string() : trimmed.substr(path);
    return {trimmed + "/.well-known/openid-configuration",
            origin + "/.well-known/oauth-authorization-server" + rest};
}

Result<ServerMetadata> discover(Http& http, const std::string& issuer,
                                const std::stop_token& stop) {
    const auto issuer_url = HEARTH_TRY(endpoint("the issuer", issuer));
    int status = 0;
    for (const auto& url : metadata_urls(issuer)) {
        HttpRequest request{.url = url, .headers = {{"Accept", "application/json"}}, .body = {}};
        const auto response = http.send(std::move(request), stop);
        if (!response) return std::unexpected(response.error().error);
        status = response->status;
        if (status == 429 || status >= 500) break;
        if (status != 200) continue;
        const auto document = json::Document::parse(response->body.reveal());
        if (!document) continue;
        return read(*document, issuer, issuer_url);
    }
    if (status == 429 || status >= 500) {
        return std::unexpected(
            Error{Remedy::unreachable,
                  issuer_url.host() + ": the server's metadata answered " + std::to_string(status),
                  "try again later"});
    }
    return std::unexpected(
        Error{Remedy::failed,
              issuer_url.host() +
                  ": the server tells no metadata (last answer: " + std::to_string(status) + ")",
              "check issuer, or set the endpoints of the profile"});
}

}  // namespace hearth::oauth
