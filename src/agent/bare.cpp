#include "agent/bare.hpp"

#include "config/value.hpp"
#include "core/try.hpp"

namespace hearth::agent {

Result<Settings> bare_settings(const Arguments& arguments, const Environment& environment) {
    const auto& name = arguments.prefetch.front();
    Profile profile{.name = name, .session = name, .provider = arguments.bare};
    if (const auto address = environment("ANTHROPIC_BASE_URL");
        address && profile.provider == "claude") {
        auto url = config::as_url(config::Value(*address));
        if (!url) {
            url.error().what = "ANTHROPIC_BASE_URL " + url.error().what;
            return std::unexpected(std::move(url).error());
        }
        profile.claude->base_url = *std::move(url);
    }
    Settings settings;
    settings.store.kind = StoreKind::memory;
    settings.profiles.emplace(name, std::make_shared<const Profile>(std::move(profile)));
    return settings;
}

}  // namespace hearth::agent
