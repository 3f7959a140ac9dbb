#include "trust/consequences.hpp"

#include <algorithm>
#include <utility>

#include "config/keys.hpp"

namespace hearth::trust {
namespace {

Effect effect_of(const config::Key<Profile>& key) {
    if (key.name.ends_with("_helper") || key.name.ends_with("_command")) return Effect::runs;
    if (key.kind == "URL") return Effect::connects;
    return key.kind == "path" || key.name == "identity_token" ? Effect::reads : Effect::sets;
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
    const auto untouched = config::untouched_profile(profile.name);
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
