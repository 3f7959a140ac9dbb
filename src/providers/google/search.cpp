#include "providers/google/search.hpp"

#include <utility>
#include <variant>

#include "core/try.hpp"
#include "signing/base64.hpp"
#include "signing/digest.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::size_t longest_file = 256UL * 1024;
constexpr const char* file_name = "/application_default_credentials.json";
constexpr const char* own_metadata_server = "metadata.google.internal";
constexpr const char* own_iam = "https://iamcredentials.googleapis.com";

std::string gcloud_folder(Material& material) {
    if (auto folder = material.variable("CLOUDSDK_CONFIG")) return *std::move(folder);
    const auto home = material.variable("HOME");
    return home ? *home + "/.config/gcloud" : std::string();
}

// Short, because it is often compared.
std::string digest_of(std::string_view text) {
    constexpr std::size_t enough = 22;
    const auto digest = signing::sha256(text);
    return signing::base64url(digest).substr(0, enough);
}

// Each part with its length before it, so that no two lists are written alike.
void add(SecretBuilder& all, std::string_view part) {
    all.append(std::to_string(part.size())).append(":").append(part);
}

std::string basis_of(const Profile& profile, std::string_view place, std::string_view content) {
    const auto& settings = *profile.google;
    SecretBuilder all;
    add(all, place);
    add(all, content);
    add(all, profile.scopes.to_string());
    add(all, settings.base_profile);
    add(all, settings.workload_audience);
    add(all, settings.id_token_audience);
    add(all, settings.jwt_audience);
    add(all, settings.subject);
    add(all, settings.impersonate);
    for (const auto& delegate : settings.delegates) add(all, delegate);
    return digest_of(all.take().reveal());
}

Credentials metadata_server(Material& material) {
    auto host = material.variable("GCE_METADATA_HOST");
    if (!host) host = material.variable("GCE_METADATA_ROOT");
    return {.kind = MetadataServer{.host = host.value_or(own_metadata_server)},
            .universe_domain = {},
            .quota_project_id = {},
            .project_id = {},
            .place = "the metadata server"};
}

// Whose subject token may have to be printed, behind all that it becomes; null where there is none.
const ExternalAccount* workload_in(const Credentials& credentials) {
    if (const auto* const becomes = std::get_if<ImpersonatedServiceAccount>(&credentials.kind))
        return workload_in(*becomes->source);
    return std::get_if<ExternalAccount>(&credentials.kind);
}

bool named(const GoogleSettings& settings, Material& material) {
    return !settings.credentials_file.empty() ||
           material.variable("GOOGLE_APPLICATION_CREDENTIALS").has_value();
}

std::string who_names(const GoogleSettings& settings) {
    return settings.credentials_file.empty() ? "GOOGLE_APPLICATION_CREDENTIALS"
                                             : "credentials_file";
}

// The profile's own wish to become somebody else, around what was found.
Credentials becoming(const GoogleSettings& settings, Credentials found) {
    if (settings.impersonate.empty()) return found;
    Credentials whole{.kind = ImpersonatedServiceAccount{},
                      .universe_domain = found.universe_domain,
                      .quota_project_id = found.quota_project_id,
                      .project_id = found.project_id,
                      .place = found.place};
    whole.kind =
        ImpersonatedServiceAccount{.source = std::make_shared<const Credentials>(std::move(found)),
                                   .impersonation = impersonation_of(settings)};
    return whole;
}

}  // namespace

std::string basis_of_wish(const Profile& profile) { return basis_of(profile, {}, {}); }

std::string credential_place(const GoogleSettings& settings, Material& material) {
    if (!settings.credentials_file.empty()) return settings.credentials_file;
    if (auto named = material.variable("GOOGLE_APPLICATION_CREDENTIALS")) return *std::move(named);
    const auto folder = gcloud_folder(material);
    if (folder.empty()) return {};
    auto place = folder + file_name;
    return material.stamp(place).empty() ? std::string() : place;
}

FileRules rules_of(const GoogleSettings& settings, std::string place) {
    return {.universe_domain = settings.universe_domain, .place = std::move(place)};
}

Impersonation impersonation_of(const GoogleSettings& settings) {
    const auto& universe = settings.universe_domain;
    std::string service = settings.iam_endpoint;
    if (service.empty())
        service = universe.empty() ? own_iam : "https://iamcredentials." + universe;
    return {.url = service + "/v1/projects/-/serviceAccounts/" + settings.impersonate +
                   ":generateAccessToken",
            .delegates = settings.delegates,
            .scopes = {}};
}

Wanted wanted_of(const Profile& profile) {
    const auto& settings = *profile.google;
    Wanted wanted{.scopes = profile.scopes.values(),
                  .id_token_audience = settings.id_token_audience,
                  .jwt_audience = settings.jwt_audience,
                  .subject = settings.subject,
                  // Other clouds know no exchange for service accounts.
                  .own_jwt = !settings.universe_domain.empty() &&
                             settings.universe_domain != "googleapis.com"};
    if (wanted.scopes.empty()) wanted.scopes.emplace_back(cloud_platform);
    return wanted;
}

Result<Found> find_credentials(const Profile& profile, Material& material) {
    const auto& settings = *profile.google;
    const auto place = credential_place(settings, material);
    if (place.empty()) {
        auto server = metadata_server(material);
        auto basis = basis_of(profile, std::get<MetadataServer>(server.kind).host, {});
        return Found{.credentials = becoming(settings, std::move(server)),
                     .basis = std::move(basis)};
    }
    const auto content = HEARTH_TRY(material.file(place, longest_file));
    if (!content && !named(settings, material))
        return std::unexpected(Error{Remedy::failed, place + " has just gone", "try again"});
    if (!content)
        return std::unexpected(
            Error{Remedy::failed, place + " is not there, and " + who_names(settings) + " names it",
                  "put the credential file there, or name another one"});
    auto read = HEARTH_TRY(read_credentials(content->reveal(), rules_of(settings, place)));
    return Found{.credentials = becoming(settings, std::move(read)),
                 .basis = basis_of(profile, place, content->reveal())};
}

Findings::Finding Findings::of(const Profile& profile) {
    const std::scoped_lock lock(mutex_);
    const auto& settings = *profile.google;
    auto place = credential_place(settings, material_);
    // Before the file is read: what changes while it is read is noticed the next time.
    auto stamp = place.empty() ? std::string() : material_.stamp(place);
    const auto known = known_.find(profile.name);
    if (known != known_.end() && known->second.settings == settings &&
        known->second.scopes == profile.scopes && known->second.place == place &&
        known->second.stamp == stamp)
        return known->second.finding;
    Finding finding;
    const auto found = find_credentials(profile, material_);
    // As long as the same is wrong it is the same.
    finding.basis = found ? found->basis : digest_of(found.error().what);
    const auto* const external = found ? workload_in(found->credentials) : nullptr;
    if (external != nullptr) finding.command = subject_command(*external);
    known_.insert_or_assign(profile.name, Known{.settings = settings,
                                                .scopes = profile.scopes,
                                                .place = std::move(place),
                                                .stamp = std::move(stamp),
                                                .finding = finding});
    return finding;
}

void Findings::note_printed(const Profile& profile) {
    auto basis = of(profile).basis;
    const std::scoped_lock lock(mutex_);
    printed_.insert_or_assign(profile.name, std::move(basis));
}

bool Findings::printed_now(const Profile& profile) {
    const auto basis = of(profile).basis;
    const std::scoped_lock lock(mutex_);
    const auto found = printed_.find(profile.name);
    return found != printed_.end() && found->second == basis;
}

}  // namespace hearth::providers::google
