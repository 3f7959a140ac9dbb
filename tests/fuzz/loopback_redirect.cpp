// A redirect_uri as a profile has it, with or without a place for the port.
#include "oauth/loopback_redirect.hpp"
#include "core/url.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    for (const std::uint16_t fixed : {std::uint16_t{0}, std::uint16_t{8123}}) {
        const auto redirect = oauth::LoopbackRedirect::parse(input, fixed);
        if (!redirect) {
            require_sound(redirect.error());
            continue;
        }
        require(redirect->path().starts_with('/') && !redirect->path().contains('?'));
        require(fixed == 0 || redirect->port() == fixed);
        const auto port = redirect->port() == 0 ? std::uint16_t{49'321} : redirect->port();
        const auto url = Url::parse(redirect->uri(port));
        require(url && !url->secure() && url->loopback() && url->port() == port);
        require(url->target().starts_with(redirect->path()));
    }
}

}  // namespace hearth::fuzz
