// A line that a client sends to the agent.
#include "agent/request.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto request = agent::Request::parse(input);
    if (!request) {
        require_sound(request.error());
    } else {
        require(request->is_paste() || !request->operation().empty());
        const auto profile = request->profile();
        if (!profile) require_sound(profile.error());
        const auto min_ttl = request->min_ttl();
        if (!min_ttl) require_sound(min_ttl.error());
    }
    // What the short way accepts, the general one understands alike.
    const auto token = agent::TokenRequest::parse(input);
    if (!token) return;
    require(request && request->operation() == "token");
    require(request->members().text("profile") == token->profile);
    require(request->client() == token->client);
    const auto min_ttl = request->min_ttl();
    require(min_ttl && *min_ttl == token->min_ttl);
}

}  // namespace hearth::fuzz
