#include "sandbox/clients.hpp"

#include <algorithm>

#include "sandbox/encoding.hpp"
#include "sandbox/redirect.hpp"

namespace hearth::sandbox {

namespace {

struct Presented {
    std::string id;
    std::string secret;
    std::string method = "none";
};

OAuthError refused(std::string why) { return {"invalid_client", std::move(why), 401}; }

Outcome<Presented> presented(const Request& request, const Parameters& form) {
    const auto header = request.header("Authorization");
    const auto secret = form.one("client_secret");
    if (header.empty())
        return Presented{form.one("client_id"), secret,
                         secret.empty() ? "none" : "client_secret_post"};
    if (!secret.empty())
        return std::unexpected(
            OAuthError{"invalid_request", "the client authenticates in two ways at once"});
    if (!same_name(header.substr(0, 6), "Basic "))
        return std::unexpected(refused("the authentication scheme is not Basic"));
    auto basic = basic_client(header);
    if (!basic) return std::unexpected(refused("the Basic credentials cannot be read"));
    const auto named = form.one("client_id");
    if (!named.empty() && named != basic->id)
        return std::unexpected(
            OAuthError{"invalid_request", "header and body name different clients"});
    return Presented{std::move(basic->id), std::move(basic->secret), "client_secret_basic"};
}

}  // namespace

std::optional<ShownClient> basic_client(std::string_view header) {
    constexpr std::string_view scheme = "Basic ";
    if (!same_name(header.substr(0, scheme.size()), scheme)) return std::nullopt;
    const auto pair = from_base64(header.substr(scheme.size()));
    if (!pair) return std::nullopt;
    const auto colon = pair->find(':');
    if (colon == std::string::npos) return std::nullopt;
    auto id = form_decode(std::string_view(*pair).substr(0, colon));
    auto secret = form_decode(std::string_view(*pair).substr(colon + 1));
    if (!id || !secret) return std::nullopt;
    return ShownClient{std::move(*id), std::move(*secret)};
}

bool Client::redirects_to(std::string_view uri) const {
    return std::ranges::any_of(redirect_uris,
                               [&](const auto& known) { return same_redirect(known, uri); });
}

const Client& Clients::add(Client client) { return clients_.emplace_back(std::move(client)); }

const Client* Clients::find(std::string_view id) const {
    const auto found = std::ranges::find(
        clients_, id, [](const Client& client) { return std::string_view(client.id); });
    return found == clients_.end() ? nullptr : &*found;
}

Outcome<const Client*> Clients::authenticate(const Request& request, const Parameters& form) const {
    auto shown = presented(request, form);
    if (!shown) return std::unexpected(shown.error());
    if (shown->id.empty()) return std::unexpected(refused("no client is named"));
    const Client* client = find(shown->id);
    if (client == nullptr) return std::unexpected(refused("no such client"));
    if (!holds(client->methods, shown->method))
        return std::unexpected(
            refused("the client is registered for another way of authentication"));
    if (client->confidential() && !same_text(client->secret, shown->secret))
        return std::unexpected(refused("the client's secret is wrong"));
    return client;
}

std::vector<Client> preregistered_clients(const std::string& origin,
                                          const std::vector<std::string>& more_redirects) {
    std::vector<std::string> redirects;
    for (const char* host : {"127.0.0.1", "[::1]", "localhost"})
        for (const char* path : {"/callback", "/"})
            redirects.push_back(std::string("http://") + host + path);
    // Where a person copies a code from; a query belongs to what is registered.
    redirects.push_back(origin + "/oauth/code/callback");
    redirects.push_back(origin + "/oauth/code/callback?app=hearth");
    redirects.insert(redirects.end(), more_redirects.begin(), more_redirects.end());

    Client open;
    open.id = "sandbox";
    open.name = "Sandbox Command Line";
    open.redirect_uris = redirects;
    Client closed = open;
    closed.id = "sandbox-secret";
    closed.name = "Sandbox Service";
    closed.secret = "sandbox_secret_" + random_token(24);
    closed.methods = {"client_secret_basic", "client_secret_post"};
    return {open, closed};
}

}  // namespace hearth::sandbox
