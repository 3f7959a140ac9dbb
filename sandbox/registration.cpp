#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "sandbox/encoding.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/redirect.hpp"

namespace hearth::sandbox {

namespace {

std::unexpected<OAuthError> bad_metadata(std::string why) {
    return std::unexpected(OAuthError{"invalid_client_metadata", std::move(why)});
}

Outcome<std::vector<std::string>> list_in(const boost::json::object& metadata,
                                          std::string_view name) {
    std::vector<std::string> list;
    const auto* value = metadata.if_contains(name);
    if (value == nullptr) return list;
    if (!value->is_array()) return bad_metadata(std::string(name) + " must be a list");
    for (const auto& entry : value->get_array()) {
        if (!entry.is_string()) return bad_metadata(std::string(name) + " must be a list of texts");
        list.emplace_back(entry.get_string());
    }
    return list;
}

Outcome<std::string> text_in(const boost::json::object& metadata, std::string_view name,
                             std::string otherwise) {
    const auto* value = metadata.if_contains(name);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) return bad_metadata(std::string(name) + " must be a text");
    return std::string(value->get_string());
}

Outcome<void> take_grants(Client& client, const boost::json::object& metadata) {
    auto grants = list_in(metadata, "grant_types");
    if (!grants) return std::unexpected(grants.error());
    // RFC 7591 section 2: what is left out means the code grant.
    client.grants =
        grants->empty() ? std::vector<std::string>{std::string(grant::code)} : *std::move(grants);
    for (const auto& name : client.grants) {
        if (name != grant::code && name != grant::refresh && name != grant::device)
            return bad_metadata("the grant type '" + name + "' is not known here");
    }
    const auto types = list_in(metadata, "response_types");
    if (!types) return std::unexpected(types.error());
    if (std::ranges::any_of(*types, [](const auto& type) { return type != "code"; }))
        return bad_metadata("only the response type code is supported");
    return {};
}

Outcome<void> take_redirects(Client& client, const boost::json::object& metadata) {
    auto redirects = list_in(metadata, "redirect_uris");
    if (!redirects) return std::unexpected(redirects.error());
    if (client.may(grant::code) && redirects->empty())
        return std::unexpected(
            OAuthError{"invalid_redirect_uri", "the code grant needs a redirect_uri"});
    if (!std::ranges::all_of(*redirects, acceptable_redirect))
        return std::unexpected(
            OAuthError{"invalid_redirect_uri", "a redirect_uri is not one a native app may have"});
    client.redirect_uris = *std::move(redirects);
    return {};
}

Outcome<void> take_authentication(Client& client, const boost::json::object& metadata) {
    const auto method = text_in(metadata, "token_endpoint_auth_method", "client_secret_basic");
    if (!method) return std::unexpected(method.error());
    if (*method != "none" && *method != "client_secret_basic" && *method != "client_secret_post")
        return bad_metadata("the authentication method '" + *method + "' is not known here");
    client.methods = {*method};
    if (*method != "none") client.secret = "sandbox_secret_" + random_token(24);
    const auto algorithm = text_in(metadata, "id_token_signed_response_alg", "RS256");
    if (!algorithm) return std::unexpected(algorithm.error());
    if (*algorithm != "RS256" && *algorithm != "ES256")
        return bad_metadata("ID tokens are RS256 or ES256 here");
    client.id_token_algorithm = *algorithm == "ES256" ? Algorithm::es256 : Algorithm::rs256;
    return {};
}

Outcome<Client> read_client(const Request& request) {
    if (!request.declares("application/json")) return bad_metadata("the body must be JSON");
    boost::system::error_code error;
    const auto body = boost::json::parse(request.body, error);
    if (error || !body.is_object()) return bad_metadata("the body is no JSON object");
    const auto& metadata = body.get_object();
    Client client;
    client.id = "client-" + random_token(12);
    const auto name = text_in(metadata, "client_name", client.id);
    if (!name) return std::unexpected(name.error());
    client.name = *name;
    for (const auto take : {take_grants, take_redirects, take_authentication}) {
        if (const auto taken = take(client, metadata); !taken)
            return std::unexpected(taken.error());
    }
    return client;
}

boost::json::array list_of(const std::vector<std::string>& words) {
    boost::json::array list(words.begin(), words.end());
    return list;
}

}  // namespace

Response registration_endpoint(Exchange& exchange) {
    if (!exchange.state.settings.registration)
        return error_response({"access_denied", "this server registers nobody", 403});
    auto read = read_client(exchange.request);
    if (!read) return error_response(read.error());
    const Client& client = exchange.state.clients.add(*std::move(read));
    boost::json::object reply{{"client_id", client.id},
                              {"client_id_issued_at", to_unix(exchange.now)},
                              {"client_name", client.name},
                              {"application_type", "native"},
                              {"redirect_uris", list_of(client.redirect_uris)},
                              {"grant_types", list_of(client.grants)},
                              {"response_types", {"code"}},
                              {"token_endpoint_auth_method", client.methods.front()},
                              {"id_token_signed_response_alg",
                               client.id_token_algorithm == Algorithm::es256 ? "ES256" : "RS256"}};
    if (!client.may(grant::code)) reply["response_types"] = boost::json::array();
    if (client.confidential()) {
        reply["client_secret"] = client.secret;
        reply["client_secret_expires_at"] = 0;
    }
    return json_response(201, reply);
}

}  // namespace hearth::sandbox
