#include "providers/aws/settled.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/try.hpp"
#include "providers/aws/chain.hpp"
#include "providers/aws/plain_values.hpp"
#include "providers/aws/shared_config.hpp"

namespace hearth::providers::aws {
namespace {

struct OwnKey {
    std::string_view name;
    std::string AwsSettings::* value = nullptr;
    bool leads_to_keys = false;  // Whoever sets it says where the keys come from.
};

// What a profile of hearth may say as a profile of AWS's config file would.
constexpr std::array own_keys{
    OwnKey{"role_arn", &AwsSettings::role_arn, true},
    OwnKey{"source_profile", &AwsSettings::source_profile, true},
    OwnKey{"credential_source", &AwsSettings::credential_source, true},
    OwnKey{"external_id", &AwsSettings::external_id, true},
    OwnKey{"mfa_serial", &AwsSettings::mfa_serial, true},
    OwnKey{"role_session_name", &AwsSettings::role_session_name, true},
    OwnKey{"duration_seconds", &AwsSettings::duration_seconds, true},
    OwnKey{"web_identity_token_file", &AwsSettings::web_identity_token_file, true},
    OwnKey{"sso_account_id", &AwsSettings::sso_account_id, true},
    OwnKey{"sso_role_name", &AwsSettings::sso_role_name, true},
    OwnKey{"sso_start_url", &AwsSettings::sso_start_url},
    OwnKey{"sso_region", &AwsSettings::sso_region},
};

// Which of them makes the profile say it all by itself; empty for none.
std::string_view first_own(const AwsSettings& settings) {
    const auto* const found = std::ranges::find_if(own_keys, [&](const OwnKey& key) {
        return key.leads_to_keys && !(settings.*key.value).empty();
    });
    return found == own_keys.end() ? std::string_view() : found->name;
}

// No profile of AWS's files can be called so.
std::string own_name(const Profile& profile) { return "hearth " + profile.name.text(); }

void put(Section& section, std::string_view key, const std::string& text) {
    if (!text.empty()) section.properties[std::string(key)].value = {.text = text, .secret = {}};
}

Section own_section(const AwsSettings& settings, const Profile* base) {
    Section section;
    for (const auto& key : own_keys) put(section, key.name, settings.*key.value);
    if (base == nullptr) return section;
    // Where the role is taken follows from the sign-in.
    put(section, "sso_start_url", base->aws->sso_start_url);
    put(section, "sso_region", base->aws->sso_region);
    return section;
}

Result<SharedText> read(SharedPlace place, Material& material) {
    auto text = HEARTH_TRY(material.shared_file(place.path, largest_shared_file));
    return SharedText{.place = std::move(place), .text = std::move(text)};
}

SharedPlace named(SharedPlace place, const std::string& by_profile, std::string_view setting,
                  std::string_view home) {
    if (by_profile.empty()) return place;
    return {.path = expand_home(by_profile, home), .named_by = std::string(setting)};
}

SharedPlaces places_of(const AwsSettings& settings, const Variables& variables,
                       std::string_view home) {
    auto places = shared_places(variables, home);
    return {
        .config = named(std::move(places.config), settings.config_file, "aws_config_file", home),
        .credentials = named(std::move(places.credentials), settings.credentials_file,
                             "aws_credentials_file", home)};
}

Result<SharedConfig> read_files(SharedPlaces places, Material& material) {
    const auto config = HEARTH_TRY(read(std::move(places.config), material));
    const auto credentials = HEARTH_TRY(read(std::move(places.credentials), material));
    return SharedConfig::parse(config, credentials);
}

// What the profile says comes before everything else, as a variable does among AWS's programs.
void put_first(const AwsSettings& settings, Variables& variables) {
    if (!settings.region.empty()) variables.region = settings.region;
    if (settings.endpoint_url.empty()) return;
    variables.service_endpoint_urls = {};
    variables.endpoint_url = settings.endpoint_url;
}

// All that a plan is made of.
struct Configuration {
    SharedConfig files;
    Variables variables;
    std::string home;
    std::string name;  // Of AWS's profile; empty: the default one.
};

Result<Configuration> read_configuration(const Profile& profile, const Profile* base,
                                         Material& material) {
    const auto& settings = *profile.aws;
    Configuration read;
    read.variables = HEARTH_TRY(material.variables());
    read.home = material.home();
    read.files = HEARTH_TRY(read_files(places_of(settings, read.variables, read.home), material));
    put_first(settings, read.variables);
    read.name = settings.profile;
    if (first_own(settings).empty()) return read;
    read.name = own_name(profile);
    read.files.add(read.name, own_section(settings, base), "profiles." + profile.name.text());
    return read;
}

Result<ServiceSettings> sts_settings(const Configuration& read) {
    const auto section = read.files.profile(read.name.empty() ? "default" : read.name);
    return service_settings(Service::sts, read.files, section.value_or(SharedSection()),
                            read.variables, read.home);
}

Result<Settled> decide(const Configuration& read) {
    Question question{
        .files = read.files, .variables = read.variables, .home = read.home, .profile = {}};
    if (!read.name.empty()) question.profile = read.name;
    auto decided = HEARTH_TRY(plan(question));
    auto region = HEARTH_TRY(sts_settings(read)).region;
    return Settled{.plan = std::move(decided), .region = std::move(region), .basis = {}};
}

// What the files and the profile say by themselves: processes with other variables share the
// session, and none is to renew it for being another.
std::string basis_in_files(Configuration read, const AwsSettings& settings) {
    read.variables = {};
    put_first(settings, read.variables);
    const auto decided = decide(read);
    return decided ? basis_of(*decided) : basis_of(decided.error());
}

// Its own command is all that a profile with one has.
Settled settle_export(const Profile& profile) {
    return {.plan = {.way = Process{.command = profile.helper->credential_export},
                     .name = "credential-export",
                     .profile = profile.name.text(),
                     .place = "profiles." + profile.name.text() + ".credential_export"},
            .region = profile.aws->region,
            .basis = {}};
}

}  // namespace

bool signs_in_to_identity_center(const AwsSettings& settings) noexcept {
    return !settings.sso_start_url.empty() && settings.profile.empty() &&
           first_own(settings).empty();
}

Result<> check_settings(const Profile& profile) {
    const auto& settings = *profile.aws;
    const auto wrong = [&](const std::string& what, std::string hint) {
        return std::unexpected(
            Error{Remedy::usage, "profile '" + profile.name.text() + "' " + what, std::move(hint)});
    };
    if (!settings.region.empty() && !plain_region(settings.region))
        return wrong("has a region that is none", "a region is written like eu-central-1");
    if (const auto own = first_own(settings); !settings.profile.empty() && !own.empty())
        return wrong(
            "has both an aws_profile and " + std::string(own),
            "put " + std::string(own) +
                " into that profile of AWS's config file, or take aws_profile out and name "
                "a source_profile");
    if (!profile.helper->credential_export.empty() &&
        !(settings.profile.empty() && first_own(settings).empty()))
        return wrong("has a credential_export, and another source of keys",
                     "take one of the two out; what the command prints is used as it is");
    if (!settings.sso_profile.empty() && settings.profile.empty() &&
        (settings.sso_account_id.empty() || settings.sso_role_name.empty()))
        return wrong("has an sso_profile, and no account and role",
                     "set sso_account_id and sso_role_name; hearth aws roles " +
                         settings.sso_profile + " lists them");
    if (!settings.sso_start_url.empty() && settings.sso_region.empty())
        return wrong("has an sso_start_url and no sso_region",
                     "set sso_region to the region of Identity Center");
    return {};
}

Result<SharedPlaces> shared_places_of(const AwsSettings& settings, Material& material) {
    return places_of(settings, HEARTH_TRY(material.variables()), material.home());
}

Result<Settled> settle(const Profile& profile, const Profile* base, Material& material) {
    HEARTH_CHECK(check_settings(profile));
    if (!profile.helper->credential_export.empty()) return settle_export(profile);
    const auto& settings = *profile.aws;
    auto read = HEARTH_TRY(read_configuration(profile, base, material));
    auto settled = HEARTH_TRY(decide(read));
    settled.basis = basis_in_files(std::move(read), settings);
    return settled;
}

std::string mfa_device(const Plan& plan) {
    const auto* const role = std::get_if<AssumeRole>(&plan.way);
    return role == nullptr ? std::string() : role->mfa_serial;
}

Result<ServiceSettings> token_service(const Profile& profile, Material& material) {
    return sts_settings(HEARTH_TRY(read_configuration(profile, nullptr, material)));
}

}  // namespace hearth::providers::aws
