// What survives a restart: one sign-in's tokens, their lifespan, and who signed in.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/scope.hpp"
#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/secret.hpp"

namespace hearth {

// Who signed in, as the provider tells; any field may be empty.
struct Account {
    std::string subject;  // The provider's stable identifier.
    std::string email;
    std::string name;
    std::string organization_id;
    std::string organization_name;
    std::string workspace_id;
    std::string workspace_name;
    std::string plan;
    bool operator==(const Account&) const = default;

    // What to show a person: e-mail, else name, else subject.
    [[nodiscard]] const std::string& label() const noexcept;
};

// Immutable once built; renewals make a new one. Move-only because of its secrets.
struct Session {
    Version version;
    std::string provider;
    Credential::Kind kind = Credential::Kind::bearer;

    // Where it came from and goes to renew; kept with the session so that a renewal is one request.
    std::string issuer;
    std::string client_id;
    std::optional<Secret> client_secret;
    std::string client_auth;  // "none", "client_secret_basic" or "client_secret_post".
    std::string token_endpoint;
    std::string revocation_endpoint;  // Empty when the server has none.
    std::string userinfo_endpoint;

    Secret access_token;
    std::optional<Secret> refresh_token;
    // Absent for what does not expire (an API key).
    std::optional<Lifespan> lifespan;
    std::optional<Instant> refresh_expires_at;
    Scopes scopes;  // As granted.
    Account account;
    Instant signed_in_at;
    // Made without a person, and made so again instead of being renewed by a refresh token.
    bool unattended = false;
    // A provider's own facts (RFC 7592 registration access tokens and the like are secrets and do
    // not belong here).
    std::map<std::string, std::string> facts;

    [[nodiscard]] bool renewable() const noexcept {
        return unattended || refresh_token.has_value();
    }
    [[nodiscard]] Session clone() const;
};

using SessionPtr = std::shared_ptr<const Session>;

}  // namespace hearth
