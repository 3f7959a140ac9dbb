#include <algorithm>
#include <array>

#include "sandbox/aws_endpoints.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

const std::vector<Route>& exact_routes() {
    static const std::vector<Route> routes = {
        {"/aws/sts", "sts", {"POST", "GET"}, sts_endpoint},
        {"/aws/sts/", "sts", {"POST", "GET"}, sts_endpoint},
        {"/aws/oidc/client/register", "sso-register", {"POST"}, sso_register_endpoint},
        {"/aws/oidc/device_authorization", "sso-device", {"POST"}, sso_device_endpoint},
        {"/aws/oidc/authorize", "sso-authorize", {"GET"}, sso_authorization_endpoint},
        {"/aws/oidc/token", "sso-token", {"POST"}, sso_token_endpoint},
        {"/aws/portal/federation/credentials", "portal", {"GET"}, portal_credentials_endpoint},
        {"/aws/portal/assignment/accounts", "portal", {"GET"}, portal_accounts_endpoint},
        {"/aws/portal/assignment/roles", "portal", {"GET"}, portal_roles_endpoint},
        {"/aws/portal/logout", "portal", {"POST"}, portal_logout_endpoint},
        {"/aws/container/credentials", "container", {"GET"}, container_endpoint},
        {"/latest/api/token", "imds-token", {"PUT"}, machine_token_endpoint},
    };
    return routes;
}

// Those that answer for all paths below theirs.
const std::vector<Route>& wide_routes() {
    static const std::vector<Route> routes = {
        {"/latest/", "imds", {"GET"}, machine_data_endpoint},
        {"/aws/bedrock/model/", "bedrock", {"POST"}, bedrock_endpoint},
    };
    return routes;
}

struct Operation {
    std::string_view path;
    std::string_view action;
};
constexpr std::array operations{
    Operation{"/aws/oidc/client/register", "RegisterClient"},
    Operation{"/aws/oidc/device_authorization", "StartDeviceAuthorization"},
    Operation{"/aws/oidc/token", "CreateToken"},
    Operation{"/aws/portal/federation/credentials", "GetRoleCredentials"},
    Operation{"/aws/portal/assignment/accounts", "ListAccounts"},
    Operation{"/aws/portal/assignment/roles", "ListAccountRoles"},
    Operation{"/aws/portal/logout", "Logout"},
};

constexpr std::array<std::string_view, 4> sts_actions{"AssumeRole", "AssumeRoleWithWebIdentity",
                                                      "GetCallerIdentity", "GetSessionToken"};

}  // namespace

const Route* find_aws_route(std::string_view path) {
    const auto exact = std::ranges::find(exact_routes(), path, &Route::path);
    if (exact != exact_routes().end()) return &*exact;
    const auto wide = std::ranges::find_if(
        wide_routes(), [&](const Route& route) { return path.starts_with(route.path); });
    return wide == wide_routes().end() ? nullptr : &*wide;
}

std::string_view aws_action(const Route& route, const Request& request) {
    const auto* operation = std::ranges::find(operations, request.path, &Operation::path);
    if (operation != operations.end()) return operation->action;
    if (route.endpoint == "bedrock")
        return request.path.ends_with("/invoke") ? "InvokeModel" : "InvokeModelWithResponseStream";
    if (route.endpoint != "sts") return {};
    const auto sent = Parameters::parse(request.method == "POST" ? request.body : request.query);
    const auto name = sent ? sent->one("Action") : std::string();
    const auto* known = std::ranges::find(sts_actions, name);
    return known == sts_actions.end() ? std::string_view{} : *known;
}

}  // namespace hearth::sandbox
