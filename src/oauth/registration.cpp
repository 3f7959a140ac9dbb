#include "oauth/registration.hpp"

#include "core/try.hpp"
#include "json/object_writer.hpp"
#include "oauth/exchange.hpp"

namespace hearth::oauth {
namespace {

Secret body_of(const Registration& registration) {
    const bool device = registration.device;
    json::ObjectWriter body;
    body.text("client_name", "hearth")
        .text("application_type", "native")
        .text("token_endpoint_auth_method", "none")
        .texts("redirect_uris", registration.redirect_uris)
        .texts("response_types",
               device ? std::vector<std::string>{} : std::vector<std::string>{"code"})
        .texts("grant_types",
               {device ? "urn:ietf:params:oauth:grant-type:device_code" : "authorization_code",
                "refresh_token"});
    if (!registration.scopes.empty()) body.text("scope", registration.scopes.to_string());
    return body.take();
}

}  // namespace

Result<Client> register_client(Http& http, const Registration& registration,
                               const std::stop_token& stop) {
    HttpRequest request{
        .method = "POST",
        .url = registration.endpoint,
        .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
        .body = body_of(registration)};
    const auto answer = exchange(http, std::move(request), "the registration endpoint", {}, stop);
    if (!answer) {
        auto error = answer.error();
        if (error.hint.empty()) {
            error.hint = "register hearth at the server by hand and set client_id in the profile";
        }
        return std::unexpected(std::move(error));
    }
    // RFC 7591 section 3.2.1: the server may have changed anything.
    Client client{
        .id = answer->text("client_id"), .secret = answer->secret("client_secret"), .auth = {}};
    if (client.id.empty()) {
        return std::unexpected(
            Error{Remedy::failed, "the registration endpoint answered without a client id", ""});
    }
    client.auth = HEARTH_TRY(
        parse_client_auth(answer->text("token_endpoint_auth_method"), client.secret.has_value()));
    return client;
}

}  // namespace hearth::oauth
