#include <algorithm>

#include "sandbox/account.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/form.hpp"
#include "sandbox/pages.hpp"
#include "sandbox/redirect.hpp"
#include "sandbox/scopes.hpp"

namespace hearth::sandbox {

namespace {

Outcome<Permission> device_permission(Exchange& exchange) {
    const auto form = read_form(exchange.request);
    if (!form) return std::unexpected(form.error());
    const auto client = exchange.state.clients.authenticate(exchange.request, *form);
    if (!client) return std::unexpected(client.error());
    if (!(*client)->may(grant::device))
        return std::unexpected(
            OAuthError{"unauthorized_client", "the client may not use this grant"});
    Permission permission;
    permission.client_id = (*client)->id;
    const auto asked = words_of(form->one("scope"));
    permission.scopes = asked.empty() ? std::vector<std::string>{"profile"} : grantable(asked);
    if (permission.scopes.empty())
        return std::unexpected(OAuthError{"invalid_scope", "none of the scopes is known here"});
    permission.resources = form->all("resource");
    if (!std::ranges::all_of(permission.resources, acceptable_resource))
        return std::unexpected(
            OAuthError{"invalid_target", "a resource is not an absolute URI without a fragment"});
    return permission;
}

Response ask_about_device(State& state, const DeviceSignIn& sign_in, Instant now) {
    const Client* client = state.clients.find(sign_in.permission.client_id);
    const std::string ticket = random_token(24);
    state.questions[ticket] = {sign_in.user_code, std::min(sign_in.expires_at, now + seconds(600))};
    return page_response(200, consent_page({.ticket = ticket,
                                            .client_name = client->name,
                                            .client_id = client->id,
                                            .username = std::string(demo_user),
                                            .scopes = sign_in.permission.scopes,
                                            .resources = sign_in.permission.resources,
                                            .user_code = sign_in.user_code}));
}

}  // namespace

Response device_authorization_endpoint(Exchange& exchange) {
    auto permission = device_permission(exchange);
    if (!permission) return error_response(permission.error());
    const auto& sign_in = exchange.state.devices.begin(*std::move(permission), exchange.now);
    const std::string page = exchange.state.settings.origin + "/device";
    return json_response(200,
                         {{"device_code", sign_in.device_code},
                          {"user_code", sign_in.user_code},
                          {"verification_uri", page},
                          {"verification_uri_complete", page + "?user_code=" + sign_in.user_code},
                          {"expires_in", exchange.state.devices.rules().lifetime.count()},
                          {"interval", exchange.state.devices.rules().interval.count()}});
}

// RFC 8628 section 3.3.1: a code that came in the link is shown for comparison, and still waits for
// a yes.
Response verification_endpoint(Exchange& exchange) {
    const bool posted = exchange.request.method == "POST";
    const auto parameters =
        Parameters::parse(posted ? exchange.request.body : exchange.request.query);
    const std::string user_code = parameters ? parameters->one("user_code") : std::string();
    if (!posted || user_code.empty()) return page_response(200, code_entry_page(user_code, ""));
    const DeviceSignIn* sign_in = exchange.state.devices.waiting(user_code, exchange.now);
    if (sign_in == nullptr)
        return page_response(200, code_entry_page(user_code, "No device waits under this code."));
    return ask_about_device(exchange.state, *sign_in, exchange.now);
}

}  // namespace hearth::sandbox
