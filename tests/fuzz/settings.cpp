// config.toml, as a person wrote it.
#include "config/settings.hpp"

#include "config/edit.hpp"
#include "core/url.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {
namespace {

// What is shown of a profile makes the same profile again.
void require_described(const Profile& profile) {
    const auto described = config::described(profile);
    config::AddProfile add{
        .name = profile.name.text(), .provider = profile.provider, .settings = {}};
    for (const auto& [key, value] : described) {
        require(!has_control_character(key) || key.starts_with(("authorize_parameters")));
        if (key != "provider" && value != "[secret]") add.settings.emplace_back(key, value);
    }
    if (!profile.client_secret.empty()) {
        add.settings.emplace_back("client_secret", profile.client_secret);
    }
    const auto text = config::edited("", "config.toml", add);
    require(text.has_value());
    const auto again = config::parse_settings(*text, "config.toml");
    require(again && again->profiles.contains(profile.name));
    require(config::described(*again->profiles.at(profile.name)) == described);
}

}  // namespace

void try_input(std::string_view input) {
    const auto settings = config::parse_settings(input, "config.toml");
    if (!settings) {
        require(settings.error().remedy == Remedy::usage);
        require(settings.error().what.starts_with("config.toml:"));
        return;
    }
    require(settings->rate.per_second > 0 && settings->rate.burst > 0);
    for (const auto& [name, profile] : settings->profiles) {
        require(profile->name == name && !profile->provider.empty());
        require(profile->renewal.refresh_before > Span{});
        const auto issuer = Url::parse(profile->issuer);
        require(profile->issuer.empty() || (issuer && (issuer->secure() || issuer->loopback())));
        require_described(*profile);
    }
}

}  // namespace hearth::fuzz
