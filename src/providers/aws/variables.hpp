// The variables by which AWS's programs are told what to do.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/places.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::aws {

// The services that hearth asks for credentials.
enum class Service : std::uint8_t { sts, sso, sso_oidc, signin };
inline constexpr std::size_t service_count = 4;

struct KeyVariables {
    std::string access_key_id;
    Secret secret_access_key;
    Secret session_token;
    std::string expiration;  // As it is written there.
    std::string account_id;
};

struct ContainerVariables {
    std::string relative_uri;
    std::string full_uri;
    Secret authorization_token;
    std::string authorization_token_file;
};

struct MetadataVariables {
    bool disabled = false;
    std::string endpoint;
    std::string endpoint_mode;
    std::optional<bool> v1_disabled;
    std::optional<std::chrono::seconds> timeout;
    std::optional<int> attempts;
};

// What is absent is empty.
struct Variables {
    KeyVariables keys;
    std::string profile;     // AWS_DEFAULT_PROFILE, else AWS_PROFILE.
    std::string profile_by;  // Which of the two.
    std::string region;      // AWS_REGION, else AWS_DEFAULT_REGION.
    std::string region_by;
    std::string config_file;
    std::string credentials_file;
    std::string role_arn;
    std::string role_session_name;
    std::string web_identity_token_file;
    ContainerVariables container;
    MetadataVariables metadata;
    std::string sts_regional_endpoints;  // "regional", "legacy".
    std::string endpoint_url;
    std::array<std::string, service_count> service_endpoint_urls;  // By Service.
    bool ignore_configured_endpoint_urls = false;
    std::optional<bool> use_fips_endpoint;
    std::optional<bool> use_dualstack_endpoint;
    std::string ca_bundle;
    std::string sigv4a_signing_region_set;
    Secret bedrock_bearer_token;
    std::string login_cache_directory;
    // Set and empty, or set beside another one that wins; never a value.
    std::vector<std::string> notes;
};

// Takes each variable that hearth knows. One that is set and empty counts as absent. Remedy::usage
// for a flag or a number that is none; the error names the variable and not its value.
Result<Variables> read_variables(const Environment& environment);

// AWS_BEARER_TOKEN_BEDROCK for "bedrock": the signing name in capitals, with - and blanks as _.
std::string bearer_token_variable(std::string_view signing_name);

}  // namespace hearth::providers::aws
