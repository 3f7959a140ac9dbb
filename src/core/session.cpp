#include "core/session.hpp"

namespace hearth {

const std::string& Account::label() const noexcept {
    if (!email.empty()) return email;
    return name.empty() ? subject : name;
}

Session Session::clone() const {
    return Session{
        .version = version,
        .provider = provider,
        .kind = kind,
        .issuer = issuer,
        .client_id = client_id,
        .client_secret = client_secret ? std::optional(client_secret->clone()) : std::nullopt,
        .client_auth = client_auth,
        .token_endpoint = token_endpoint,
        .revocation_endpoint = revocation_endpoint,
        .userinfo_endpoint = userinfo_endpoint,
        .access_token = access_token.clone(),
        .refresh_token = refresh_token ? std::optional(refresh_token->clone()) : std::nullopt,
        .lifespan = lifespan,
        .refresh_expires_at = refresh_expires_at,
        .scopes = scopes,
        .account = account,
        .signed_in_at = signed_in_at,
        .unattended = unattended,
        .facts = facts,
    };
}

}  // namespace hearth
