#include "oauth/client.hpp"

#include "signing/base64.hpp"

namespace hearth::oauth {

std::string_view to_string(ClientAuth auth) noexcept {
    switch (auth) {
        case ClientAuth::none:
            return "none";
        case ClientAuth::basic:
            return "client_secret_basic";
        case ClientAuth::post:
            return "client_secret_post";
    }
    std::unreachable();
}

Result<ClientAuth> parse_client_auth(std::string_view text, bool has_secret) {
    if (text.empty()) return has_secret ? ClientAuth::basic : ClientAuth::none;
    if (text == "none") return ClientAuth::none;
    const bool basic = text == "client_secret_basic";
    if (!basic && text != "client_secret_post") {
        return std::unexpected(Error{Remedy::usage, "client_auth is not a method that is known",
                                     "none, client_secret_basic or client_secret_post"});
    }
    if (!has_secret) {
        return std::unexpected(Error{Remedy::usage, "client_auth needs a client secret",
                                     "set client_secret, or client_auth to none"});
    }
    return basic ? ClientAuth::basic : ClientAuth::post;
}

HttpRequest form_request(const std::string& url, const Client& client, Form& form) {
    HttpRequest request{.method = "POST", .url = url, .headers = {}, .body = {}};
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    if (client.auth == ClientAuth::basic && client.secret) {
        // Both are form-encoded before they are joined, which keeps a colon in either apart.
        const auto pair = form_encoded(client.id) + ":" + form_encoded(client.secret->reveal());
        request.headers.push_back({"Authorization", "Basic " + signing::base64(pair)});
    } else {
        form.add("client_id", client.id);
    }
    if (client.auth == ClientAuth::post && client.secret) {
        form.add("client_secret", *client.secret);
    }
    request.body = form.body();
    return request;
}

}  // namespace hearth::oauth
