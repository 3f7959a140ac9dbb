#include "providers/aws/variables.hpp"

#include <utility>

#include "core/arena.hpp"
#include "core/try.hpp"
#include "providers/aws/plain_values.hpp"

namespace hearth::providers::aws {
namespace {

constexpr std::array<std::string_view, service_count> endpoint_variables{
    "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_SIGNIN"};

struct Chosen {
    std::string text;
    std::string variable;
};

class Reader {
  public:
    explicit Reader(const Environment& environment) : environment_(environment) {}

    std::string text(std::string_view variable) {
        auto value = environment_(variable);
        if (!value) return {};
        if (value->empty())
            notes_.push_back(std::string(variable) + " is set and empty: it counts as absent");
        return *std::move(value);
    }

    Secret secret(std::string_view variable) {
        auto value = text(variable);
        Secret kept(value);
        Arena::wipe(value.data(), value.size());
        return kept;
    }

    // The first of the two that is there.
    Chosen either(std::string_view first, std::string_view second) {
        auto winner = text(first);
        auto other = text(second);
        if (winner.empty()) {
            const auto* const by = other.empty() ? "" : second.data();
            return {.text = std::move(other), .variable = by};
        }
        if (!other.empty() && other != winner) note_beaten(first, second);
        return {.text = std::move(winner), .variable = std::string(first)};
    }

    Secret either_secret(std::string_view first, std::string_view second) {
        auto winner = secret(first);
        auto other = secret(second);
        if (winner.empty()) return other;
        if (!other.empty() && !same_secret(other, winner)) note_beaten(first, second);
        return winner;
    }

    Result<std::optional<bool>> flag(std::string_view variable) {
        const auto value = text(variable);
        if (value.empty()) return std::nullopt;
        if (const auto flag = plain_flag(value)) return flag;
        return std::unexpected(Error{Remedy::usage,
                                     std::string(variable) + " is neither true nor false",
                                     "set it to true or to false, or unset it"});
    }

    Result<std::optional<int>> number(std::string_view variable, int most) {
        const auto value = text(variable);
        if (value.empty()) return std::nullopt;
        const auto number = plain_number(value);
        if (number && *number >= 1 && *number <= most) return static_cast<int>(*number);
        return std::unexpected(Error{
            Remedy::usage,
            std::string(variable) + " is not a whole number from 1 to " + std::to_string(most),
            "set it to one, or unset it"});
    }

    std::vector<std::string> take_notes() { return std::move(notes_); }

  private:
    void note_beaten(std::string_view first, std::string_view second) {
        notes_.push_back(std::string(second) + " is set to something else than " +
                         std::string(first) + ", which is the one that counts");
    }

    const Environment& environment_;
    std::vector<std::string> notes_;
};

KeyVariables keys(Reader& reader) {
    KeyVariables keys;
    keys.access_key_id = reader.text("AWS_ACCESS_KEY_ID");
    keys.secret_access_key = reader.secret("AWS_SECRET_ACCESS_KEY");
    keys.session_token = reader.either_secret("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN");
    keys.expiration = reader.text("AWS_CREDENTIAL_EXPIRATION");
    keys.account_id = reader.text("AWS_ACCOUNT_ID");
    return keys;
}

ContainerVariables container(Reader& reader) {
    ContainerVariables container;
    container.relative_uri = reader.text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    container.full_uri = reader.text("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    container.authorization_token = reader.secret("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    container.authorization_token_file = reader.text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    return container;
}

Result<MetadataVariables> metadata(Reader& reader) {
    MetadataVariables metadata;
    metadata.disabled = HEARTH_TRY(reader.flag("AWS_EC2_METADATA_DISABLED")).value_or(false);
    metadata.endpoint = reader.text("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    metadata.endpoint_mode = reader.text("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
    metadata.v1_disabled = HEARTH_TRY(reader.flag("AWS_EC2_METADATA_V1_DISABLED"));
    const auto timeout = HEARTH_TRY(reader.number("AWS_METADATA_SERVICE_TIMEOUT", 3600));
    if (timeout) metadata.timeout = std::chrono::seconds(*timeout);
    metadata.attempts = HEARTH_TRY(reader.number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", 100));
    return metadata;
}

Result<> endpoints(Reader& reader, Variables& variables) {
    variables.sts_regional_endpoints = reader.text("AWS_STS_REGIONAL_ENDPOINTS");
    variables.endpoint_url = reader.text("AWS_ENDPOINT_URL");
    for (std::size_t i = 0; i < service_count; ++i)
        variables.service_endpoint_urls.at(i) = reader.text(endpoint_variables.at(i));
    variables.ignore_configured_endpoint_urls =
        HEARTH_TRY(reader.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")).value_or(false);
    variables.use_fips_endpoint = HEARTH_TRY(reader.flag("AWS_USE_FIPS_ENDPOINT"));
    variables.use_dualstack_endpoint = HEARTH_TRY(reader.flag("AWS_USE_DUALSTACK_ENDPOINT"));
    variables.ca_bundle = reader.text("AWS_CA_BUNDLE");
    return {};
}

}  // namespace

Result<Variables> read_variables(const Environment& environment) {
    Reader reader(environment);
    Variables variables;
    variables.keys = keys(reader);
    auto profile = reader.either("AWS_DEFAULT_PROFILE", "AWS_PROFILE");
    variables.profile = std::move(profile.text);
    variables.profile_by = std::move(profile.variable);
    auto region = reader.either("AWS_REGION", "AWS_DEFAULT_REGION");
    variables.region = std::move(region.text);
    variables.region_by = std::move(region.variable);
    variables.config_file = reader.text("AWS_CONFIG_FILE");
    variables.credentials_file = reader.text("AWS_SHARED_CREDENTIALS_FILE");
    variables.role_arn = reader.text("AWS_ROLE_ARN");
    variables.role_session_name = reader.text("AWS_ROLE_SESSION_NAME");
    variables.web_identity_token_file = reader.text("AWS_WEB_IDENTITY_TOKEN_FILE");
    variables.container = container(reader);
    variables.metadata = HEARTH_TRY(metadata(reader));
    HEARTH_CHECK(endpoints(reader, variables));
    variables.sigv4a_signing_region_set = reader.text("AWS_SIGV4A_SIGNING_REGION_SET");
    variables.bedrock_bearer_token = reader.secret(bearer_token_variable("bedrock"));
    variables.login_cache_directory = reader.text("AWS_LOGIN_CACHE_DIRECTORY");
    variables.notes = reader.take_notes();
    return variables;
}

std::string bearer_token_variable(std::string_view signing_name) {
    std::string variable = "AWS_BEARER_TOKEN_";
    for (char c : signing_name) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == '-' || c == ' ') c = '_';
        variable += c;
    }
    return variable;
}

}  // namespace hearth::providers::aws
