// What the registration endpoint answers (RFC 7591 section 3.2).
#include "fuzz/target.hpp"
#include "oauth/registration.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    OneAnswer http(answer_in(input));
    const oauth::Registration registration{.endpoint = "https://issuer.example/register",
                                           .redirect_uris = {"http://127.0.0.1/callback"},
                                           .scopes = {}};
    const auto client = oauth::register_client(http, registration, {});
    if (!client) return require_sound(client.error());
    require(!client->id.empty());
    // A way to prove itself that needs a secret comes with one.
    require(client->auth == oauth::ClientAuth::none || client->secret.has_value());
    require(!client->secret || !client->secret->empty());
    oauth::Form form;
    const auto request = oauth::form_request("https://issuer.example/token", *client, form);
    for (const auto& header : request.headers) require(!has_control_character(header.value));
}

}  // namespace hearth::fuzz
