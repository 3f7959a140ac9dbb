#include "providers/aws/service_settings.hpp"

#include <utility>

#include "core/try.hpp"
#include "core/url.hpp"
#include "providers/aws/plain_values.hpp"

namespace hearth::providers::aws {
namespace {

// By Service: the key of a services section, and the variable.
struct ServiceName {
    std::string_view key;
    std::string_view variable;
};
constexpr std::array<ServiceName, service_count> service_names{
    ServiceName{"sts", "AWS_ENDPOINT_URL_STS"}, ServiceName{"sso", "AWS_ENDPOINT_URL_SSO"},
    ServiceName{"sso_oidc", "AWS_ENDPOINT_URL_SSO_OIDC"},
    ServiceName{"signin", "AWS_ENDPOINT_URL_SIGNIN"}};

// A value and where it stands.
struct Said {
    std::string text;
    std::string place;
};

std::unexpected<Error> wrong(const Said& said, std::string_view what, std::string hint) {
    return std::unexpected(
        Error{Remedy::usage, said.place + " " + std::string(what), std::move(hint)});
}

Said from_profile(const SharedSection& profile, std::string_view key) {
    if (!profile.has(key)) return {};
    return {.text = profile.text(key), .place = profile.at(key) + ": " + std::string(key)};
}

Said first(Said said, const SharedSection& profile, std::string_view key) {
    return said.text.empty() ? from_profile(profile, key) : std::move(said);
}

Result<std::string> region(const SharedSection& profile, const Variables& variables) {
    auto said = first({.text = variables.region, .place = variables.region_by}, profile, "region");
    if (said.text.empty() || plain_region(said.text)) return std::move(said.text);
    return wrong(said, "is not the name of a region", "a region is written like eu-central-1");
}

// The services section that the profile names.
Result<Said> from_services(Service service, const SharedConfig& files,
                           const SharedSection& profile) {
    if (!profile.has("services")) return Said{};
    const auto services = files.services(profile.text("services"));
    if (!services)
        return profile.wrong("services", "services names a section that is not there",
                             "add it as [services NAME], or take the setting out");
    const auto key = service_names.at(std::to_underlying(service)).key;
    return Said{.text = services->part(key, "endpoint_url"),
                .place = services->at(key) + ": the endpoint_url of " + std::string(key)};
}

// The more particular of the variables, then the more particular of the settings.
Result<Said> endpoint(Service service, const SharedConfig& files, const SharedSection& profile,
                      const Variables& variables) {
    if (variables.ignore_configured_endpoint_urls) return Said{};
    if (HEARTH_TRY(profile.flag("ignore_configured_endpoint_urls")).value_or(false)) return Said{};
    const auto index = std::to_underlying(service);
    const auto& own = variables.service_endpoint_urls.at(index);
    if (!own.empty())
        return Said{.text = own, .place = std::string(service_names.at(index).variable)};
    if (!variables.endpoint_url.empty())
        return Said{.text = variables.endpoint_url, .place = "AWS_ENDPOINT_URL"};
    return first(HEARTH_TRY(from_services(service, files, profile)), profile, "endpoint_url");
}

Result<std::string> endpoint_url(Service service, const SharedConfig& files,
                                 const SharedSection& profile, const Variables& variables) {
    auto said = HEARTH_TRY(endpoint(service, files, profile, variables));
    if (said.text.empty() || Url::parse(said.text)) return std::move(said.text);
    return wrong(said, "is not an address", "an address is written https://HOST or http://HOST");
}

Result<StsEndpoints> sts_endpoints(const SharedSection& profile, const Variables& variables) {
    const auto said =
        first({.text = variables.sts_regional_endpoints, .place = "AWS_STS_REGIONAL_ENDPOINTS"},
              profile, "sts_regional_endpoints");
    if (said.text.empty() || said.text == "regional") return StsEndpoints::regional;
    if (said.text == "legacy") return StsEndpoints::legacy;
    return wrong(said, "is neither regional nor legacy", "write regional or legacy");
}

Result<bool> flag(std::optional<bool> variable, const SharedSection& profile,
                  std::string_view key) {
    if (variable) return *variable;
    return HEARTH_TRY(profile.flag(key)).value_or(false);
}

}  // namespace

Result<ServiceSettings> service_settings(Service service, const SharedConfig& files,
                                         const SharedSection& profile, const Variables& variables,
                                         std::string_view home) {
    ServiceSettings settings;
    settings.region = HEARTH_TRY(region(profile, variables));
    settings.endpoint_url = HEARTH_TRY(endpoint_url(service, files, profile, variables));
    settings.fips = HEARTH_TRY(flag(variables.use_fips_endpoint, profile, "use_fips_endpoint"));
    settings.dual_stack =
        HEARTH_TRY(flag(variables.use_dualstack_endpoint, profile, "use_dualstack_endpoint"));
    settings.sts_endpoints = HEARTH_TRY(sts_endpoints(profile, variables));
    settings.certificates = expand_home(
        first({.text = variables.ca_bundle, .place = {}}, profile, "ca_bundle").text, home);
    return settings;
}

}  // namespace hearth::providers::aws
