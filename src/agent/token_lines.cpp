#include "agent/token_lines.hpp"

#include "agent/line.hpp"
#include "config/keys.hpp"
#include "core/try.hpp"

namespace hearth::agent {

Result<Secret> token_line(const Credential& credential) {
    const bool key = credential.kind() == Credential::Kind::api_key;
    const auto token = key ? credential.token().clone() : HEARTH_TRY(credential.bearer());
    Line line;
    line.object("ok").text("token", token.reveal());
    line.text("token_type", key ? "x-api-key" : "Bearer");
    line.instant("expires_at", credential.expires_at());
    return line.take();
}

std::optional<TokenLines::Ready> TokenLines::ready(session::Engine& engine, Metrics& metrics,
                                                   const TokenRequest& request) {
    auto found = lines_.find(request.profile);
    if (found == lines_.end()) {
        auto name = ProfileName::parse(request.profile);
        if (!name) return std::nullopt;
        // Only names that are profiles are remembered: strangers must not fill the memory. What a
        // helper gives is not the engine's, and a project's profile is asked for from its folder.
        const auto known = engine.settings().profiles.find(*name);
        if (known == engine.settings().profiles.end() || !known->second->helper->none() ||
            config::reserved(name->text()))
            return std::nullopt;
        const std::string& text = name->text();
        found = lines_.emplace(text, Rendered{*name, nullptr, Secret(), &metrics.handed_out(*name)})
                    .first;
    }
    auto& rendered = found->second;
    auto credential = engine.warm(rendered.profile, request.min_ttl);
    if (!credential) return std::nullopt;
    if (credential != rendered.credential) {
        auto line = token_line(*credential);
        if (!line) return std::nullopt;  // Whoever asks at length hears why.
        rendered.line = *std::move(line);
        rendered.credential = std::move(credential);
    }
    return Ready{rendered.profile, rendered.line, *rendered.handed_out};
}

}  // namespace hearth::agent
