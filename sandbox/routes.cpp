#include "sandbox/routes.hpp"

#include <algorithm>

#include "sandbox/aws_endpoints.hpp"
#include "sandbox/federation.hpp"
#include "sandbox/google_endpoints.hpp"

namespace hearth::sandbox {

const Route* find_route(std::string_view path) {
    static const std::vector<Route> routes = {
        {"/", "home", {"GET"}, home_endpoint},
        {"/.well-known/openid-configuration", "discovery", {"GET"}, metadata_endpoint},
        {"/.well-known/oauth-authorization-server", "discovery", {"GET"}, metadata_endpoint},
        {"/jwks", "jwks", {"GET"}, jwks_endpoint},
        {"/authorize", "authorize", {"GET", "POST"}, authorization_endpoint},
        {"/consent", "consent", {"POST"}, consent_endpoint},
        {"/device_authorization", "device", {"POST"}, device_authorization_endpoint},
        {"/device", "verification", {"GET", "POST"}, verification_endpoint},
        {"/token", "token", {"POST"}, token_endpoint},
        {"/register", "register", {"POST"}, registration_endpoint},
        {"/revoke", "revoke", {"POST"}, revocation_endpoint},
        {"/introspect", "introspect", {"POST"}, introspection_endpoint},
        {"/userinfo", "userinfo", {"GET", "POST"}, userinfo_endpoint},
        {"/oauth/authorize", "authorize", {"GET"}, claude_authorization_endpoint},
        {"/oauth/code/callback", "manual", {"GET"}, claude_manual_page},
        {"/v1/oauth/token", "token", {"POST"}, claude_token_endpoint},
        {"/api/oauth/profile", "profile", {"GET"}, claude_profile_endpoint},
        {"/v1/messages", "messages", {"POST"}, claude_messages_endpoint},
        {"/v1/models", "models", {"GET"}, claude_models_endpoint},
        {"/_sandbox/github", "github", {"GET"}, github_endpoint},
        {"/_sandbox/identity", "control", {"POST"}, identity_endpoint},
        {"/_sandbox/federation", "control", {"GET", "POST"}, federation_rule_endpoint},
        {"/_sandbox/records", "control", {"GET"}, records_endpoint},
        {"/_sandbox/faults", "control", {"GET", "POST", "DELETE"}, faults_endpoint},
        {"/_sandbox/expire", "control", {"POST"}, expire_endpoint},
        {"/_sandbox/revoke-families", "control", {"POST"}, revoke_families_endpoint},
        {"/_sandbox/move-families", "control", {"POST"}, move_families_endpoint},
        {"/_sandbox/revoke-keys", "control", {"POST"}, revoke_keys_endpoint},
        {"/_sandbox/aws", "control", {"GET", "POST"}, aws_control_endpoint},
    };
    const auto found = std::ranges::find(routes, path, &Route::path);
    if (found != routes.end()) return &*found;
    const Route* google = find_google_route(path);
    return google != nullptr ? google : find_aws_route(path);
}

}  // namespace hearth::sandbox
