// Every key of config.toml: its name, its form, what it is for, and where its value goes. Reading,
// writing, showing and documenting settings all follow these tables.
#pragma once

#include <span>
#include <string_view>

#include "config/value.hpp"
#include "core/settings.hpp"

namespace hearth::config {

template <class Owner>
struct Key {
    std::string_view name;
    Form form = Form::text;
    std::string_view kind;  // For people: "text", "URL", "span", ...
    std::string_view doc;
    Result<> (*set)(Owner&, const Value&);
    Value (*get)(const Owner&);
    bool secret = false;  // Shown as a placeholder unless it is asked for by its name.
};

std::span<const Key<StoreSettings>> store_keys();
std::span<const Key<NetworkSettings>> network_keys();
std::span<const Key<RateLimit>> limit_keys();
std::span<const Key<Profile>> profile_keys();
std::span<const Key<SinkSettings>> sink_keys();

template <class Owner>
const Key<Owner>* find_key(std::span<const Key<Owner>> keys, std::string_view name) {
    for (const auto& key : keys) {
        if (key.name == name) return &key;
    }
    return nullptr;
}

template <class Owner>
std::vector<std::string_view> names_of(std::span<const Key<Owner>> keys) {
    std::vector<std::string_view> names;
    for (const auto& key : keys) names.push_back(key.name);
    return names;
}

// Names that no profile and no session of a person has: what the keychain store keeps for itself.
constexpr bool reserved(std::string_view name) noexcept { return name.starts_with("hearth."); }

// A profile in which nothing is set but its name.
Profile untouched_profile(const ProfileName& name);
SinkSettings untouched_sink(const Name& name);

// The table of a profile whose keys are the provider's own.
constexpr std::string_view authorize_parameters = "authorize_parameters";

}  // namespace hearth::config
