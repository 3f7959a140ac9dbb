#include "sources/source.hpp"

#include <algorithm>
#include <array>

namespace hearth::sources {
namespace {

using Kind = Credential::Kind;

constexpr std::string_view claude = "claude";
constexpr std::string_view oidc = "oidc";
constexpr std::string_view aws = "aws";
constexpr std::string_view every_provider;

// What was put there for hearth first, then as Claude Code orders its own; what somebody gave to
// this one process comes before what rests on the machine.
constexpr std::array table{
    Source{"HEARTH_TOKEN_FD", Place::descriptor, every_provider, Kind::bearer},
    Source{"HEARTH_API_KEY_FD", Place::descriptor, claude, Kind::api_key},
    Source{"ANTHROPIC_AUTH_TOKEN", Place::environment, claude, Kind::bearer},
    Source{"ANTHROPIC_API_KEY", Place::environment, claude, Kind::api_key},
    Source{"CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR", Place::descriptor, claude, Kind::api_key},
    Source{"api_key_helper", Place::helper, claude, Kind::api_key},
    Source{"CLAUDE_CODE_OAUTH_TOKEN", Place::environment, claude, Kind::bearer},
    Source{"CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR", Place::descriptor, claude, Kind::bearer},
    Source{"token_helper", Place::helper, oidc, Kind::bearer},
    Source{"credential_export", Place::helper, aws, Kind::aws},
    Source{"credential_process", Place::helper, aws, Kind::aws},
    Source{"session", Place::session, every_provider, Kind::bearer},
};

}  // namespace

std::span<const Source> all() noexcept { return table; }

const Source* find(std::string_view variable) noexcept {
    const auto* const found = std::ranges::find(table, variable, &Source::name);
    return found != table.end() && found->callers() ? found : nullptr;
}

}  // namespace hearth::sources
