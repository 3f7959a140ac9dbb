// An edit of config.toml: a key, a value, and the text that it is made in, each from its own line
// on.
#include "config/edit.hpp"

#include "config/settings.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {
namespace {

using Described = std::vector<std::pair<std::string, std::string>>;

// Every profile but the one that the key is about.
std::vector<Described> others(const Settings& settings, std::string_view key) {
    std::vector<Described> all;
    for (const auto& [name, profile] : settings.profiles) {
        if (!key.starts_with("profiles." + name.text() + ".")) {
            all.push_back(config::described(*profile));
        }
    }
    return all;
}

void try_edit(std::string_view text, const config::Edit& edit, std::string_view key) {
    const auto before = config::parse_settings(text, "config.toml");
    const auto edited = config::edited(text, "config.toml", edit);
    if (!edited) {
        require(edited.error().remedy == Remedy::usage && !edited.error().what.empty());
        return;
    }
    const auto after = config::parse_settings(*edited, "config.toml");
    require(after.has_value());
    if (!before) return;
    require(others(*before, key) == others(*after, key));
    // Once is enough.
    if (std::holds_alternative<config::SetKey>(edit)) {
        require(config::edited(*edited, "config.toml", edit) == edited);
    }
}

}  // namespace

void try_input(std::string_view input) {
    const auto [key, rest] = first_line(input);
    const auto [value, text] = first_line(rest);
    try_edit(text, config::SetKey{std::string(key), std::string(value)}, key);
    const auto settings = config::parse_settings(text, "config.toml");
    if (!settings || settings->profiles.empty()) return;
    const auto& name = settings->profiles.begin()->first.text();
    try_edit(text, config::RemoveProfile{name}, "profiles." + name + ".");
}

}  // namespace hearth::fuzz
