#pragma once

#include <string>

#include "core/profile.hpp"
#include "hearth/error.hpp"

namespace hearth::providers::aws {

// Where IAM Identity Center's two services are; no slash at the end.
struct SsoPlace {
    std::string oidc;    // Signs in.
    std::string portal;  // Gives roles and their keys.
};

// AWS's own in that region, but for an endpoint that is named. Remedy::usage for a region that
// hearth cannot make a host name of, Remedy::refused for plain http beyond loopback.
Result<SsoPlace> sso_place(const std::string& region, const std::string& oidc_endpoint,
                           const std::string& portal_endpoint);
// By a profile's own settings.
Result<SsoPlace> sso_place(const AwsSettings& settings);

}  // namespace hearth::providers::aws
