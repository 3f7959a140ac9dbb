#include <algorithm>

#include "sandbox/google_endpoints.hpp"

namespace hearth::sandbox {

namespace {

const std::vector<Route>& exact_routes() {
    static const std::vector<Route> routes = {
        {"/google/token", "google_token", {"POST"}, google_token_endpoint},
        {"/google/revoke", "google_revoke", {"POST"}, google_revoke_endpoint},
        {"/google/v1/token", "google_sts", {"POST"}, google_exchange_endpoint},
        {"/google/v1/oauthtoken", "google_sts", {"POST"}, google_workforce_endpoint},
        {"/google/authenticate", "google_gdch", {"POST"}, google_distributed_endpoint},
        {"/google/v1/revoke", "google_revoke", {"POST"}, google_revoke_endpoint},
        {"/google/tokeninfo", "google_tokeninfo", {"GET", "POST"}, google_tokeninfo_endpoint},
        {"/google/v1/introspect", "google_tokeninfo", {"POST"}, google_introspect_endpoint},
        {"/computeMetadata", "google_metadata", {"GET"}, google_metadata_endpoint},
        {"/_sandbox/google/subject", "google_subject", {"GET"}, google_subject_endpoint},
        {"/_sandbox/google", "control", {"GET", "POST"}, google_control_endpoint},
    };
    return routes;
}

// Those that answer for all paths below theirs.
const std::vector<Route>& wide_routes() {
    static const std::vector<Route> routes = {
        {"/computeMetadata/", "google_metadata", {"GET"}, google_metadata_endpoint},
        {"/google/v1/projects/-/serviceAccounts/",
         "google_iam",
         {"POST"},
         google_impersonation_endpoint},
        {"/v1/projects/", "vertex", {"POST"}, vertex_endpoint},
    };
    return routes;
}

}  // namespace

const Route* find_google_route(std::string_view path) {
    const auto exact = std::ranges::find(exact_routes(), path, &Route::path);
    if (exact != exact_routes().end()) return &*exact;
    const auto wide = std::ranges::find_if(
        wide_routes(), [&](const Route& route) { return path.starts_with(route.path); });
    return wide == wide_routes().end() ? nullptr : &*wide;
}

}  // namespace hearth::sandbox
