#include "providers/aws/sso_place.hpp"

#include <string_view>
#include <utility>

#include "core/try.hpp"
#include "oauth/endpoint.hpp"
#include "providers/aws/partitions.hpp"

namespace hearth::providers::aws {
namespace {

Result<std::string> service_url(std::string_view host, const std::string& region,
                                std::string endpoint, std::string_view setting) {
    if (endpoint.empty()) {
        auto partition = partition_of(region);
        if (!partition) {
            partition.error().hint =
                "check sso_region; for another one, set " + std::string(setting);
            return std::unexpected(std::move(partition).error());
        }
        return "https://" + std::string(host) + "." + region + "." +
               std::string(partition->dns_suffix);
    }
    HEARTH_CHECK(oauth::endpoint(setting, endpoint));
    while (endpoint.ends_with('/')) endpoint.pop_back();
    return endpoint;
}

}  // namespace

Result<SsoPlace> sso_place(const std::string& region, const std::string& oidc_endpoint,
                           const std::string& portal_endpoint) {
    SsoPlace place;
    place.oidc = HEARTH_TRY(service_url("oidc", region, oidc_endpoint, "sso_oidc_endpoint"));
    place.portal =
        HEARTH_TRY(service_url("portal.sso", region, portal_endpoint, "sso_portal_endpoint"));
    return place;
}

Result<SsoPlace> sso_place(const AwsSettings& settings) {
    return sso_place(settings.sso_region, settings.sso_oidc_endpoint, settings.sso_portal_endpoint);
}

}  // namespace hearth::providers::aws
