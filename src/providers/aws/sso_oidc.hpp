// The OIDC service of IAM Identity Center: JSON in camel case, requests that are not signed.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/http.hpp"
#include "core/scope.hpp"
#include "hearth/secret.hpp"
#include "oauth/device.hpp"

namespace hearth::providers::aws {

// A registration of this program; it ends by itself, after some months.
struct SsoClient {
    std::string id;
    Secret secret;
    std::optional<Instant> expires_at;
};

struct SsoRegistration {
    std::string redirect_uri;  // Empty for a device sign-in.
    std::string start_url;
    Scopes scopes;
};

// `url` is the service's, as SsoPlace has it. Remedy::usage where the profile's settings are what
// was refused, with the setting in the hint.
Result<SsoClient> register_sso_client(Http& http, const std::string& url,
                                      const SsoRegistration& registration,
                                      const std::stop_token& stop);
Result<oauth::DeviceAuthorization> begin_sso_device(Http& http, const std::string& url,
                                                    const SsoClient& client,
                                                    const std::string& start_url,
                                                    const std::stop_token& stop);

}  // namespace hearth::providers::aws
