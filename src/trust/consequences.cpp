#include "trust/consequences.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "config/keys.hpp"

namespace hearth::trust {
namespace {

// What leads to keys and sign-ins that the person has outside the project.
constexpr std::array<std::string_view, 9> reading{
    "identity_token",          "aws_profile",    "aws_config_file",
    "aws_credentials_file",    "source_profile", "credential_source",
    "web_identity_token_file", "sso_profile",    "base_profile"};

Effect effect_of(const config::Key<Profile>& key) {
    const bool command =
        key.name == "credential_export" || key.name == "auth_refresh" || key.name == "executables";
    if (command || key.name.ends_with("_helper") || key.name.ends_with("_command"))
        return Effect::runs;
    if (key.kind == "URL") return Effect::connects;
    if (key.kind == "path" || std::ranges::find(reading, key.name) != reading.end())
        return Effect::reads;
    return Effect::sets;
}

}  // namespace

std::string_view to_string(Effect effect) noexcept {
    switch (effect) {
        case Effect::runs:
            return "runs";
        case Effect::connects:
            return "connects";
        case Effect::reads:
            return "reads";
        case Effect::sets:
            return "sets";
    }
    std::unreachable();
}

std::vector<Consequence> consequences_of(const Profile& profile) {
    auto untouched = config::untouched_profile(profile.name);
    untouched.renewal = RenewalPolicy::of(profile.provider);
    std::vector<Consequence> all;
    for (const auto& key : config::profile_keys()) {
        const auto value = key.get(profile);
        if (value == key.get(untouched)) continue;
        // A command is shown although `profile show` hides it: it is what is agreed to.
        const bool hidden = key.name == "client_secret";
        all.push_back({.key = std::string(key.name),
                       .value = hidden ? "[secret]" : config::shown(value),
                       .effect = effect_of(key)});
    }
    for (const auto& [name, value] : profile.authorize_parameters) {
        all.push_back({.key = std::string(config::authorize_parameters) + "." + name,
                       .value = value,
                       .effect = Effect::sets});
    }
    std::ranges::sort(all, {}, [](const Consequence& one) {
        return std::pair(one.effect, std::string_view(one.key));
    });
    return all;
}

}  // namespace hearth::trust
