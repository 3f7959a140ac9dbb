#include "cli/exec_environment.hpp"

#include <algorithm>
#include <array>

#include "sources/source.hpp"

namespace hearth::cli {
namespace {

constexpr std::array names{
    // AWS's keys and profiles. The last three are of programs older than the SDKs of today.
    std::string_view("AWS_PROFILE"),
    std::string_view("AWS_DEFAULT_PROFILE"),
    std::string_view("AWS_ACCESS_KEY_ID"),
    std::string_view("AWS_SECRET_ACCESS_KEY"),
    std::string_view("AWS_SESSION_TOKEN"),
    std::string_view("AWS_SECURITY_TOKEN"),
    std::string_view("AWS_CREDENTIAL_EXPIRATION"),
    std::string_view("AWS_ACCOUNT_ID"),
    std::string_view("AWS_ROLE_ARN"),
    std::string_view("AWS_ROLE_SESSION_NAME"),
    std::string_view("AWS_WEB_IDENTITY_TOKEN_FILE"),
    std::string_view("AWS_CREDENTIAL_FILE"),
    std::string_view("AWS_ACCESS_KEY"),
    std::string_view("AWS_SECRET_KEY"),
    // Google's: files and what names them, tokens, keys, and what says where to ask for one.
    std::string_view("GOOGLE_APPLICATION_CREDENTIALS"),
    std::string_view("GOOGLE_CREDENTIALS"),
    std::string_view("GOOGLE_GCLOUD_ADC_PATH_OVERRIDE"),
    std::string_view("GOOGLE_CLOUD_KEYFILE_JSON"),
    std::string_view("GCLOUD_KEYFILE_JSON"),
    std::string_view("GOOGLE_OAUTH_ACCESS_TOKEN"),
    std::string_view("GOOGLE_OAUTH_REFRESH_TOKEN"),
    std::string_view("GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"),
    std::string_view("GOOGLE_API_KEY"),
    std::string_view("GOOGLE_GENAI_API_KEY"),
    std::string_view("GOOGLE_GENERATIVE_AI_API_KEY"),
    std::string_view("GEMINI_API_KEY"),
    std::string_view("GOOGLE_API_CERTIFICATE_CONFIG"),
    std::string_view("GOOGLE_API_USE_CLIENT_CERTIFICATE"),
    std::string_view("CLOUDSDK_CONFIG"),
    std::string_view("CLOUDSDK_ACTIVE_CONFIG_NAME"),
    std::string_view("CLOUDSDK_CORE_ACCOUNT"),
    std::string_view("DEVSHELL_CLIENT_PORT"),
    std::string_view("METADATA_SERVER_DETECTION"),
    std::string_view("NO_GCE_CHECK"),
    // Claude's, beside the sources that hearth knows itself.
    std::string_view("ANTHROPIC_BASE_URL"),
    std::string_view("ANTHROPIC_CUSTOM_HEADERS"),
    std::string_view("ANTHROPIC_PROFILE"),
    std::string_view("ANTHROPIC_FEDERATION_RULE_ID"),
    std::string_view("ANTHROPIC_ORGANIZATION_ID"),
    std::string_view("ANTHROPIC_SERVICE_ACCOUNT_ID"),
    std::string_view("ANTHROPIC_WORKSPACE_ID"),
    std::string_view("ANTHROPIC_IDENTITY_TOKEN"),
    std::string_view("ANTHROPIC_IDENTITY_TOKEN_FILE"),
    std::string_view("ANTHROPIC_AWS_API_KEY"),
    std::string_view("ANTHROPIC_FOUNDRY_API_KEY"),
    std::string_view("CLAUDE_CODE_OAUTH_REFRESH_TOKEN"),
    std::string_view("CLAUDE_CODE_OAUTH_SCOPES"),
};

constexpr std::array beginnings{
    std::string_view("AWS_CONTAINER_"),   std::string_view("AWS_BEARER_TOKEN_"),
    std::string_view("CLAUDE_CODE_USE_"), std::string_view("CLOUDSDK_AUTH_"),
    std::string_view("GCE_METADATA_"),    std::string_view("GOOGLE_EXTERNAL_ACCOUNT_"),
};

// CLAUDE_CODE_SKIP_BEDROCK_AUTH and its like: requests without a signature.
bool switches_signing_off(std::string_view name) noexcept {
    return name.starts_with("CLAUDE_CODE_SKIP_") && name.ends_with("_AUTH");
}

Variable plain(std::string_view name, std::string_view value) {
    return {.name = std::string(name), .value = Secret(value)};
}

}  // namespace

bool taken_out(std::string_view name) noexcept {
    return std::ranges::find(names, name) != names.end() ||
           std::ranges::any_of(beginnings, [name](auto one) { return name.starts_with(one); }) ||
           switches_signing_off(name) || sources::find(name) != nullptr;
}

std::vector<Variable> variables_of_exec() {
    std::vector<Variable> variables;
    // So that hearth does not take its own endpoint for a container's.
    variables.push_back(plain("HEARTH_EXEC", "1"));
    return variables;
}

std::vector<Variable> claude_variables(std::string_view token_type, const Secret& token,
                                       std::string_view base_url) {
    std::vector<Variable> variables;
    variables.push_back(
        {.name = token_type == "x-api-key" ? "ANTHROPIC_API_KEY" : "ANTHROPIC_AUTH_TOKEN",
         .value = token.clone()});
    if (!base_url.empty()) variables.push_back(plain("ANTHROPIC_BASE_URL", base_url));
    return variables;
}

std::vector<Variable> aws_variables(const AwsDoor& door) {
    std::vector<Variable> variables;
    variables.push_back(plain("AWS_CONTAINER_CREDENTIALS_FULL_URI", door.url));
    variables.push_back(
        {.name = "AWS_CONTAINER_AUTHORIZATION_TOKEN", .value = door.authorization.clone()});
    // The SDKs look into the shared files before they ask a container's endpoint, and botocore into
    // boto's as well.
    for (const auto* file : {"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"})
        variables.push_back(plain(file, "/dev/null"));
    variables.push_back(plain("AWS_EC2_METADATA_DISABLED", "true"));
    if (door.region.empty()) return variables;
    // botocore knows the second alone, and the others prefer the first.
    for (const auto* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
        variables.push_back(plain(name, door.region));
    return variables;
}

std::vector<Variable> google_variables(const GoogleDoor& door) {
    std::vector<Variable> variables;
    // Each library reads another of these; docs/exec.md has which.
    for (const auto* name : {"GCE_METADATA_HOST", "GCE_METADATA_IP", "GCE_METADATA_ROOT"})
        variables.push_back(plain(name, door.address));
    // Node's would look for the machine of a cloud first.
    variables.push_back(plain("METADATA_SERVER_DETECTION", "assume-present"));
    // The libraries look into gcloud's folder before they ask a metadata server.
    variables.push_back(plain("CLOUDSDK_CONFIG", door.folder));
    if (!door.project.empty()) {
        for (const auto* name : {"GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"})
            variables.push_back(plain(name, door.project));
    }
    if (!door.quota_project.empty())
        variables.push_back(plain("GOOGLE_CLOUD_QUOTA_PROJECT", door.quota_project));
    // The libraries ask a metadata server through a proxy too, unless they are told not to.
    // A star stands for every host, and only by itself.
    auto unproxied = door.unproxied;
    if (unproxied != "*") unproxied += (unproxied.empty() ? "" : ",") + std::string("127.0.0.1");
    for (const auto* name : {"NO_PROXY", "no_proxy"}) variables.push_back(plain(name, unproxied));
    return variables;
}

std::vector<Variable> claude_by_vertex(std::string_view project) {
    std::vector<Variable> variables;
    variables.push_back(plain("CLAUDE_CODE_USE_VERTEX", "1"));
    if (!project.empty()) variables.push_back(plain("ANTHROPIC_VERTEX_PROJECT_ID", project));
    return variables;
}

Variable claude_by_bedrock() { return plain("CLAUDE_CODE_USE_BEDROCK", "1"); }

}  // namespace hearth::cli
