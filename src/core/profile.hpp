// A name the user chose, and its settings in config.toml. Plain values; `config` parses and
// validates them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/identity_source.hpp"
#include "core/name.hpp"
#include "core/on_demand.hpp"
#include "core/scope.hpp"
#include "core/time.hpp"

namespace hearth {

// When to renew, and what a caller may count on (design: the promise "Fresh").
struct RenewalPolicy {
    Span refresh_before = std::chrono::minutes(5);
    Span min_remaining = std::chrono::seconds(60);
    // For credentials that live so briefly that min_remaining is much of their life: callers wait
    // below this part of it.
    int least_part = 4;
    bool operator==(const RenewalPolicy&) const = default;

    // Of the provider's profiles, where they say nothing. AWS's SDKs come back with 15 minutes left
    // and want more than that, and Google's with up to five.
    static constexpr RenewalPolicy of(std::string_view provider) noexcept {
        if (provider == "google")
            return {.refresh_before = std::chrono::minutes(8),
                    .min_remaining = std::chrono::seconds(330),
                    .least_part = 4};
        if (provider != "aws") return {};
        return {.refresh_before = std::chrono::minutes(20),
                .min_remaining = std::chrono::seconds(990),
                .least_part = 3};
    }
};

// Where to find the server's endpoints; an empty one is found by discovery or is the provider's
// default.
struct Endpoints {
    std::string authorization;
    std::string token;
    std::string device_authorization;
    std::string revocation;
    std::string userinfo;
    std::string registration;
    std::string jwks;
    bool operator==(const Endpoints&) const = default;
};

// A command that prints the credential. Which of the three a profile has follows from its provider.
struct HelperSettings {
    std::string api_key;
    std::string token;
    std::string credential_export;  // Keys of AWS.
    std::optional<Span> ttl;        // Absent: the usual one.
    Span timeout = std::chrono::seconds(60);
    bool operator==(const HelperSettings&) const = default;

    [[nodiscard]] bool none() const noexcept { return command().empty(); }
    [[nodiscard]] const std::string& command() const noexcept {
        if (!credential_export.empty()) return credential_export;
        return api_key.empty() ? token : api_key;
    }
    // How old what was printed may be, where it does not say that itself.
    [[nodiscard]] Span kept_for() const noexcept {
        constexpr Span usual = std::chrono::minutes(5);
        constexpr Span usual_for_keys = std::chrono::hours(1);
        return ttl.value_or(credential_export.empty() ? usual : usual_for_keys);
    }
    // The key of config.toml that names the command; empty without one.
    [[nodiscard]] std::string_view setting() const noexcept {
        if (none()) return "";
        if (!credential_export.empty()) return "credential_export";
        return api_key.empty() ? "token_helper" : "api_key_helper";
    }
};

// claude: how a workload signs in by itself, with an identity token instead of a person.
struct FederationSettings {
    std::string rule;  // Of the organisation, by its identifier.
    std::string service_account;
    IdentitySource identity;
    // What the identity token is asked for, where hearth asks for it.
    std::string audience = "https://api.anthropic.com";
    bool operator==(const FederationSettings&) const = default;

    // Nothing of it is set; a profile that sets some of it lacks the rest.
    [[nodiscard]] bool none() const noexcept {
        return rule.empty() && service_account.empty() && identity.none();
    }
};

// aws: where its keys come from, as AWS's own configuration has it. The names are AWS's, and the
// values are read by its rules.
struct AwsSettings {
    std::string profile;           // A profile of the two shared files; empty: what follows is all.
    std::string config_file;       // Empty: AWS's usual place, or what AWS_CONFIG_FILE says.
    std::string credentials_file;  // The same.
    std::string region;
    std::string service;   // What a signature is for where the host's name does not say.
    std::string role_arn;  // From here on as in a profile of AWS's config file.
    std::string source_profile;
    std::string credential_source;
    std::string external_id;
    std::string mfa_serial;
    std::string role_session_name;
    std::string duration_seconds;
    std::string web_identity_token_file;
    std::string endpoint_url;
    std::string sso_start_url;
    std::string sso_region;
    std::string sso_account_id;
    std::string sso_role_name;
    // The hearth profile whose sign-in to Identity Center the role is taken with.
    std::string sso_profile;
    // Identity Center's two services; empty: AWS's own in sso_region.
    std::string sso_oidc_endpoint;
    std::string sso_portal_endpoint;
    bool operator==(const AwsSettings&) const = default;
};

// google: where its tokens come from, as Google's own credential files have it. The names are
// Google's.
struct GoogleSettings {
    std::string credentials_file;  // Empty: the search order of Application Default Credentials.
    std::string client_file;    // An OAuth client as Google's console writes it, to sign in with.
    std::string project;        // What programs work in; empty: what the credentials say.
    std::string quota_project;  // Whom requests are billed to; the same.
    // Empty: googleapis.com. No other one is spoken to, whatever a file says.
    std::string universe_domain;
    // The tokens are ID tokens for this audience.
    std::string id_token_audience;
    // The tokens are JWTs that the service account's key signs for this service, and no request is
    // made for them.
    std::string jwt_audience;
    std::string subject;      // Whom a service account acts for (domain-wide delegation).
    std::string impersonate;  // The service account that is impersonated, by its e-mail.
    std::vector<std::string> delegates;  // On the way to it, by their e-mails.
    std::string base_profile;  // The hearth profile whose credential this one's are got with.
    // Of the workload identity pool's provider, where the source is no profile of Google's.
    std::string workload_audience;
    bool allow_executables = false;  // Commands that a credential file names.
    // Google's services, where they are not Google's own.
    std::string sts_endpoint;
    std::string iam_endpoint;
    std::string tokeninfo_endpoint;
    bool operator==(const GoogleSettings&) const = default;
};

// A command that mends what credentials are got by, such as a company's login script.
struct AuthRefreshSettings {
    std::string command;
    Span timeout = std::chrono::minutes(3);
    bool operator==(const AuthRefreshSettings&) const = default;
};

// claude: where the API is, and in which workspace.
struct ClaudeSettings {
    std::string workspace;
    std::string console_url;
    std::string base_url;
    std::string profile_url;  // Where `whoami` asks.
    bool operator==(const ClaudeSettings&) const = default;
};

struct Profile {
    ProfileName name;
    SessionId session;     // The profile's own name unless `session = "other"`.
    std::string provider;  // "aws", "claude", "google" or "oidc".
    std::string issuer;
    std::string client_id;  // Empty: register (RFC 7591) where the server allows it.
    std::string client_secret;
    std::string client_auth;  // "", "none", "client_secret_basic", "client_secret_post"; empty:
                              // none, or basic with a secret.
    Scopes scopes;            // Empty: the provider's default.
    std::vector<std::string> resources;  // RFC 8707.
    std::string redirect_uri;  // Empty: the provider's default; the port is put in at run time.
    std::uint16_t redirect_port = 0;  // 0: chosen at run time.
    std::string manual_redirect_uri;  // Where a person copies a code from; empty: no paste.
    std::map<std::string, std::string> authorize_parameters;
    std::string organization;  // The sign-in must be for this organisation's identifier.
    // Sessions of these are handed out, and of no others; empty: of all.
    std::vector<std::string> required_organizations;
    OnDemand<Endpoints> endpoints;
    RenewalPolicy renewal;
    Span sign_in_timeout = std::chrono::minutes(5);
    OnDemand<HelperSettings> helper;
    OnDemand<FederationSettings> federation;
    OnDemand<ClaudeSettings> claude;
    OnDemand<AwsSettings> aws;
    OnDemand<GoogleSettings> google;
    OnDemand<AuthRefreshSettings> auth_refresh;
};

}  // namespace hearth
