// config.toml, as a person wrote it, and a project's file, as anybody did.
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

// A project's profile never rests on a session of the person's.
void try_project(std::string_view input) {
    const auto project = config::parse_project(input, ".hearth.toml");
    if (!project) {
        require(project.error().remedy == Remedy::usage);
        require(project.error().what.starts_with(".hearth.toml:"));
        return;
    }
    for (const auto& [name, profile] : project->profiles) {
        require(profile->name == name && profile->session == name);
        require(!name.text().starts_with("hearth."));
    }
}

}  // namespace

void try_input(std::string_view input) {
    try_project(input);
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
