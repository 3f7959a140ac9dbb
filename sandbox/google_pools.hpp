// The pools of identities that the sandbox's organisation lets in.
#pragma once

#include <string_view>

namespace hearth::sandbox {

// Of workloads: one provider of the sandbox's own identity tokens, and one of AWS's accounts.
inline constexpr std::string_view oidc_audience =
    "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/sandbox/"
    "providers/issuer";
inline constexpr std::string_view aws_audience =
    "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/sandbox/"
    "providers/aws";
inline constexpr std::string_view workload_principals =
    "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/"
    "sandbox";
// Of people, by the sandbox's own identity tokens.
inline constexpr std::string_view workforce_audience =
    "//iam.googleapis.com/locations/global/workforcePools/sandbox/providers/issuer";
inline constexpr std::string_view workforce_principals =
    "principal://iam.googleapis.com/locations/global/workforcePools/sandbox";

inline constexpr std::string_view jwt_type = "urn:ietf:params:oauth:token-type:jwt";
inline constexpr std::string_view id_token_type = "urn:ietf:params:oauth:token-type:id_token";
inline constexpr std::string_view access_token_type =
    "urn:ietf:params:oauth:token-type:access_token";
inline constexpr std::string_view aws_token_type = "urn:ietf:params:aws:token-type:aws4_request";

}  // namespace hearth::sandbox
