#include "trust/project.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "config/keys.hpp"
#include "signing/digest.hpp"

namespace hearth::trust {
namespace {

// What may change without another sign-in. A key that is new in hearth is not among them, and needs
// one.
constexpr std::array same_session{
    std::string_view("session"),
    std::string_view("scopes"),
    std::string_view("refresh_before"),
    std::string_view("min_remaining"),
    std::string_view("sign_in_timeout"),
    std::string_view("redirect_port"),
    std::string_view("api_key_helper"),
    std::string_view("token_helper"),
    std::string_view("helper_ttl"),
    std::string_view("helper_timeout"),
    std::string_view("auth_refresh"),
    std::string_view("credential_export"),
    std::string_view("auth_refresh_timeout"),
};

// Its length before it, so that no two lists of texts are written alike.
void add(std::string& all, std::string_view part) {
    all += std::to_string(part.size());
    all += ':';
    all += part;
}

std::string identity_of(const std::string& folder, const Profile& profile) {
    // By name, so that the order in which hearth has its keys does not matter.
    std::map<std::string, std::string> settings;
    const auto untouched = config::untouched_profile(profile.name);
    for (const auto& key : config::profile_keys()) {
        const auto value = key.get(profile);
        if (std::ranges::find(same_session, key.name) != same_session.end() ||
            value == key.get(untouched))
            continue;
        settings.emplace(key.name, config::shown(value));
    }
    for (const auto& [name, value] : profile.authorize_parameters)
        settings.emplace(std::string(config::authorize_parameters) + "." + name, value);
    std::string all;
    add(all, folder);
    add(all, profile.name.text());
    for (const auto& [name, value] : settings) {
        add(all, name);
        add(all, value);
    }
    return all;
}

}  // namespace

std::string Project::file_in(const std::string& folder) {
    return folder + (folder.ends_with('/') ? "" : "/") + std::string(file_name);
}

std::string fingerprint(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const auto octet : signing::sha256(text)) {
        hex += digits[octet >> 4U];
        hex += digits[octet & 15U];
    }
    return hex;
}

Profile settled(const std::string& folder, const Profile& profile) {
    // A name that begins so is refused in every file of settings.
    constexpr std::string_view prefix = "hearth.project.";
    constexpr std::size_t enough = 40;
    const auto identity = fingerprint(identity_of(folder, profile)).substr(0, enough);
    const auto name = Name::parse(std::string(prefix) + identity);
    Profile settled = profile;
    settled.name = *name;
    settled.session = *name;
    return settled;
}

}  // namespace hearth::trust
