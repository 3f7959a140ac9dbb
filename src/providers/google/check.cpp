#include "providers/google/check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/name.hpp"
#include "core/try.hpp"
#include "providers/google/sign_in.hpp"

namespace hearth::providers::google {
namespace {

std::unexpected<Error> wrong(const Profile& profile, std::string_view what, std::string_view hint) {
    return std::unexpected(Error{Remedy::usage,
                                 "profile '" + profile.name.text() + "' " + std::string(what),
                                 std::string(hint)});
}

// What goes into a path, and is part of no other.
bool is_email(std::string_view text) {
    const auto good = [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || std::string_view("@.-_+").contains(c);
    };
    return text.contains('@') && std::ranges::all_of(text, good);
}

bool is_host(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

bool is_header_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

// Each of these says by itself where the tokens come from.
Result<> check_ways(const Profile& profile) {
    const auto& settings = *profile.google;
    const auto ways = std::to_array<std::pair<bool, std::string_view>>(
        {{signs_in(profile), "client_id or client_file"},
         {!settings.credentials_file.empty(), "credentials_file"},
         {!settings.base_profile.empty(), "base_profile"}});
    if (std::ranges::count_if(ways, [](const auto& way) { return way.first; }) > 1)
        return wrong(profile, "says in two ways where its tokens come from",
                     "keep one of client_id, client_file, credentials_file and base_profile");
    if (!profile.client_secret.empty() && profile.client_id.empty())
        return wrong(profile, "has a client_secret without a client_id", "set client_id");
    return {};
}

Result<> check_person(const Profile& profile) {
    const auto& settings = *profile.google;
    if (!signs_in(profile)) return {};
    if (!settings.impersonate.empty() || !settings.id_token_audience.empty() ||
        !settings.jwt_audience.empty() || !settings.subject.empty())
        return wrong(profile, "signs in as a person, whose tokens are the person's",
                     "let another profile have base_profile = \"" + profile.name.text() +
                         "\" and impersonate");
    return {};
}

Result<> check_accounts(const Profile& profile) {
    const auto& settings = *profile.google;
    if (!settings.impersonate.empty() && !is_email(settings.impersonate))
        return wrong(profile, "has an impersonate that is no e-mail of a service account",
                     "such as NAME@PROJECT.iam.gserviceaccount.com");
    if (!std::ranges::all_of(settings.delegates, is_email))
        return wrong(profile, "has a delegate that is no e-mail of a service account",
                     "such as NAME@PROJECT.iam.gserviceaccount.com");
    if (settings.impersonate.empty() && !settings.delegates.empty())
        return wrong(profile, "has delegates and nobody to become", "set impersonate");
    return {};
}

}  // namespace

Result<> check_settings(const Profile& profile) {
    const auto& settings = *profile.google;
    HEARTH_CHECK(check_ways(profile));
    HEARTH_CHECK(check_person(profile));
    HEARTH_CHECK(check_accounts(profile));
    if (!settings.universe_domain.empty() && !is_host(settings.universe_domain))
        return wrong(profile, "has a universe_domain that is no host name", "such as example.com");
    if (!is_header_value(settings.quota_project))
        return wrong(profile, "has a quota_project that no header can carry", "its identifier");
    if (!settings.id_token_audience.empty() && !settings.jwt_audience.empty())
        return wrong(profile, "wants two kinds of tokens",
                     "keep one of id_token_audience and jwt_audience");
    if (settings.base_profile.empty()) {
        if (settings.workload_audience.empty()) return {};
        return wrong(profile, "has a workload_audience and no credential to bring there",
                     "set base_profile");
    }
    const auto base = ProfileName::parse(settings.base_profile);
    if (!base)
        return wrong(profile, "has a base_profile that is " + base.error().what, base.error().hint);
    if (*base == profile.name)
        return wrong(profile, "rests on itself", "name another profile by base_profile");
    if (settings.impersonate.empty() && settings.workload_audience.empty())
        return wrong(profile, "has a base_profile and says nothing of what to become with it",
                     "set impersonate, or workload_audience");
    return {};
}

Result<> check_base(const Profile& base, const Profile& profile) {
    const auto& settings = *profile.google;
    if (base.provider == "google") {
        if (!settings.impersonate.empty()) return {};
        return wrong(profile, "rests on a profile of google and becomes nobody", "set impersonate");
    }
    if (base.provider != "aws" && base.provider != "oidc")
        return wrong(profile,
                     "rests on '" + base.name.text() + "', whose credential Google does not take",
                     "name a profile of google, aws or oidc");
    if (!settings.workload_audience.empty()) return {};
    return wrong(profile, "rests on a profile of " + base.provider + " and names no pool for it",
                 "set workload_audience");
}

}  // namespace hearth::providers::google
