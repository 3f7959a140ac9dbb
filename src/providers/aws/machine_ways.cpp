// What the environment and the machine give, whatever the profile.
#include <algorithm>
#include <utility>

#include "core/try.hpp"
#include "providers/aws/plain_values.hpp"
#include "providers/aws/ways.hpp"

namespace hearth::providers::aws {
namespace {

constexpr const char* container_host = "http://169.254.170.2";
constexpr const char* metadata_by_ipv4 = "http://169.254.169.254";
constexpr const char* metadata_by_ipv6 = "http://[fd00:ec2::254]";
constexpr std::int64_t longest_timeout = 3600;
constexpr std::int64_t most_attempts = 100;

Result<std::string> metadata_host(const Search& search, const MetadataVariables& variables) {
    auto mode = variables.endpoint_mode;
    std::string place = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
    if (mode.empty() && search.has("ec2_metadata_service_endpoint_mode")) {
        mode = search.profile.text("ec2_metadata_service_endpoint_mode");
        place = search.profile.at("ec2_metadata_service_endpoint_mode") +
                ": ec2_metadata_service_endpoint_mode";
    }
    std::ranges::transform(mode, mode.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (mode.empty() || mode == "ipv4") return metadata_by_ipv4;
    if (mode == "ipv6") return metadata_by_ipv6;
    return std::unexpected(
        Error{Remedy::usage, place + " is neither IPv4 nor IPv6", "write IPv4 or IPv6"});
}

// An endpoint comes before a mode, wherever the two stand.
Result<std::string> metadata_endpoint(const Search& search, const MetadataVariables& variables) {
    auto endpoint = variables.endpoint;
    if (endpoint.empty()) endpoint = search.profile.text("ec2_metadata_service_endpoint");
    while (endpoint.ends_with('/')) endpoint.pop_back();
    if (!endpoint.empty()) return endpoint;
    return metadata_host(search, variables);
}

Result<int> number(const Search& search, const char* key, std::int64_t most) {
    const auto given = HEARTH_TRY(search.profile.number(key, {.least = 1, .most = most}));
    return static_cast<int>(given.value_or(1));
}

}  // namespace

Result<Plan> environment_plan(const Variables& variables) {
    const auto& keys = variables.keys;
    if (keys.secret_access_key.empty())
        return std::unexpected(Error{Remedy::usage,
                                     "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not",
                                     "set both, or neither"});
    return Plan{.way = EnvironmentKeys{.keys = {.access_key_id = keys.access_key_id,
                                                .secret_access_key = keys.secret_access_key.clone(),
                                                .session_token = keys.session_token.clone(),
                                                .account_id = keys.account_id},
                                       .expiration = keys.expiration},
                .name = "env",
                .profile = {},
                .place = "AWS_ACCESS_KEY_ID"};
}

MaybePlan environment_keys(const Search& search) {
    if (!search.variables_count || search.variables().keys.access_key_id.empty())
        return std::nullopt;
    return HEARTH_TRY(environment_plan(search.variables()));
}

Plan container_plan(const ContainerVariables& variables) {
    const bool relative = !variables.relative_uri.empty();
    return {.way = Container{.url = relative ? container_host + variables.relative_uri
                                             : variables.full_uri,
                             .authorization = variables.authorization_token.clone(),
                             .authorization_file = variables.authorization_token_file},
            .name = "container-role",
            .profile = {},
            .place = relative ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
                              : "AWS_CONTAINER_CREDENTIALS_FULL_URI"};
}

MaybePlan container(const Search& search) {
    const auto& variables = search.variables().container;
    if (variables.relative_uri.empty() && variables.full_uri.empty()) return std::nullopt;
    return container_plan(variables);
}

Result<Plan> metadata_plan(const Search& search) {
    const auto& variables = search.variables().metadata;
    InstanceMetadata metadata;
    metadata.endpoint = HEARTH_TRY(metadata_endpoint(search, variables));
    const auto timeout = HEARTH_TRY(number(search, "metadata_service_timeout", longest_timeout));
    metadata.timeout = variables.timeout.value_or(std::chrono::seconds(timeout));
    const auto attempts =
        HEARTH_TRY(number(search, "metadata_service_num_attempts", most_attempts));
    metadata.attempts = variables.attempts.value_or(attempts);
    const auto by_profile = HEARTH_TRY(search.profile.flag("ec2_metadata_v1_disabled"));
    metadata.v1_disabled = variables.v1_disabled.value_or(by_profile.value_or(false));
    return Plan{.way = std::move(metadata),
                .name = "iam-role",
                .profile = {},
                .place = "the machine's metadata service"};
}

MaybePlan instance_metadata(const Search& search) {
    if (search.variables().metadata.disabled) return std::nullopt;
    return HEARTH_TRY(metadata_plan(search));
}

}  // namespace hearth::providers::aws
