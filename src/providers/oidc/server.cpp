#include "providers/oidc/server.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "oauth/registration.hpp"

namespace hearth::providers {
namespace {

bool complete(const Endpoints& endpoints, const Profile& profile, SignInWay way) {
    const auto& first =
        way == SignInWay::device ? endpoints.device_authorization : endpoints.authorization;
    const bool can_register = !profile.client_id.empty() || !endpoints.registration.empty();
    // Without the keys no ID token can be checked, so an issuer is asked for them.
    const bool has_keys = profile.issuer.empty() || !endpoints.jwks.empty();
    return !first.empty() && !endpoints.token.empty() && can_register && has_keys;
}

void prefer(std::string& own, const std::string& discovered) {
    if (own.empty()) own = discovered;
}

bool listed(const std::vector<std::string>& list, std::string_view item) {
    return std::ranges::find(list, item) != list.end();
}

}  // namespace

Result<oauth::ServerMetadata> server_of(Http& http, const Profile& profile, SignInWay way,
                                        const std::stop_token& stop) {
    if (profile.issuer.empty() || complete(*profile.endpoints, profile, way)) {
        return oauth::ServerMetadata{.issuer = profile.issuer,
                                     .endpoints = *profile.endpoints,
                                     .scopes_supported = {},
                                     .client_auth_methods = {},
                                     .promises_iss = false};
    }
    auto server = HEARTH_TRY(oauth::discover(http, profile.issuer, stop));
    const auto discovered = std::exchange(server.endpoints, *profile.endpoints);
    for (const auto place : {&Endpoints::authorization, &Endpoints::token,
                             &Endpoints::device_authorization, &Endpoints::revocation,
                             &Endpoints::userinfo, &Endpoints::registration, &Endpoints::jwks}) {
        prefer(server.endpoints.*place, discovered.*place);
    }
    return server;
}

Scopes scopes_for(const Profile& profile, const oauth::ServerMetadata& server) {
    if (!profile.scopes.empty()) return profile.scopes;
    std::vector<std::string> wanted;
    for (const auto* const scope : {"openid", "offline_access"}) {
        if (server.scopes_supported.empty() || listed(server.scopes_supported, scope)) {
            wanted.emplace_back(scope);
        }
    }
    return Scopes::of(wanted).value_or(Scopes());
}

Result<oauth::Client> given_client(const Profile& profile, const oauth::ServerMetadata& server,
                                   std::optional<Secret> secret) {
    oauth::Client client{.id = profile.client_id, .secret = std::move(secret), .auth = {}};
    if (!profile.client_secret.empty()) client.secret = Secret(profile.client_secret);
    client.auth =
        HEARTH_TRY(oauth::parse_client_auth(profile.client_auth, client.secret.has_value()));
    const auto& methods = server.client_auth_methods;
    const bool only_post =
        listed(methods, "client_secret_post") && !listed(methods, "client_secret_basic");
    if (profile.client_auth.empty() && client.secret && only_post) {
        client.auth = oauth::ClientAuth::post;
    }
    return client;
}

Result<oauth::Client> client_for(Http& http, const Profile& profile,
                                 const oauth::ServerMetadata& server, const Scopes& scopes,
                                 const std::vector<std::string>& redirect_uris,
                                 const std::stop_token& stop) {
    if (profile.client_id.empty()) {
        if (server.endpoints.registration.empty()) {
            return std::unexpected(
                Error{Remedy::usage,
                      "profile '" + profile.name.text() +
                          "' has no client_id, and the server registers none by itself",
                      "register a native application at the server and set client_id"});
        }
        return oauth::register_client(http,
                                      {.endpoint = server.endpoints.registration,
                                       .redirect_uris = redirect_uris,
                                       .scopes = scopes,
                                       .device = redirect_uris.empty()},
                                      stop);
    }
    return given_client(profile, server, std::nullopt);
}

}  // namespace hearth::providers
