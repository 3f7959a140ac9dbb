#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/endpoints.hpp"
#include "sandbox/google_answers.hpp"
#include "sandbox/pages.hpp"
#include "sandbox/scopes.hpp"

namespace hearth::sandbox {

namespace {

boost::json::array list_of(const std::vector<std::string>& words) {
    boost::json::array list;
    for (const auto& word : words) list.emplace_back(word);
    return list;
}

}  // namespace

Response metadata_endpoint(Exchange& exchange) {
    const std::string& origin = exchange.state.settings.origin;
    const boost::json::array methods{"none", "client_secret_basic", "client_secret_post"};
    boost::json::object document{
        {"issuer", origin},
        {"authorization_endpoint", origin + "/authorize"},
        {"token_endpoint", origin + "/token"},
        {"device_authorization_endpoint", origin + "/device_authorization"},
        {"userinfo_endpoint", origin + "/userinfo"},
        {"revocation_endpoint", origin + "/revoke"},
        {"introspection_endpoint", origin + "/introspect"},
        {"jwks_uri", origin + "/jwks"},
        {"scopes_supported", list_of(supported_scopes())},
        {"response_types_supported", {"code"}},
        {"response_modes_supported", {"query"}},
        {"grant_types_supported", {grant::code, grant::refresh, grant::device}},
        {"subject_types_supported", {"public"}},
        {"id_token_signing_alg_values_supported", {"RS256", "ES256"}},
        {"token_endpoint_auth_methods_supported", methods},
        {"revocation_endpoint_auth_methods_supported", methods},
        {"introspection_endpoint_auth_methods_supported", methods},
        {"code_challenge_methods_supported", {"S256"}},
        {"prompt_values_supported", {"none", "login", "consent", "select_account"}},
        {"claims_supported",
         {"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "preferred_username",
          "email", "email_verified"}},
        {"authorization_response_iss_parameter_supported", true},
        {"request_parameter_supported", false},
        {"request_uri_parameter_supported", false}};
    if (exchange.state.settings.registration)
        document["registration_endpoint"] = origin + "/register";
    return json_response(200, document);
}

Response jwks_endpoint(Exchange& exchange) {
    Keys& keys = exchange.state.keys;
    return json_response(
               200, {{"keys", {keys.of(Algorithm::rs256).jwk(), keys.of(Algorithm::es256).jwk()}}})
        .with("Content-Type", "application/jwk-set+json");
}

Response home_endpoint(Exchange& exchange) {
    auto response = page_response(200, home_page(exchange.state.settings.origin));
    // Google's libraries look for a metadata server here.
    return flavored(response);
}

}  // namespace hearth::sandbox
