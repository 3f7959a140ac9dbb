// Google's metadata server, as an instance sees it.
#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>

#include "sandbox/encoding.hpp"
#include "sandbox/google_answers.hpp"
#include "sandbox/google_endpoints.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view root = "/computeMetadata";
constexpr std::string_view accounts_path = "/instance/service-accounts";
constexpr std::string_view instance_id = "4242424242424242424";
constexpr std::string_view instance_name = "sandbox-instance";
// It hands out one token until so little of it is left, or a fifth of a short life.
constexpr seconds handed_out_until{240};

Response text(int status, std::string body, std::string_view type = "application/text") {
    auto response = empty_response(status);
    response.with("Content-Type", std::string(type)).body = std::move(body);
    return response;
}

Response refused(Exchange& exchange, int status, std::string why) {
    exchange.google.outcome = std::to_string(status);
    exchange.google.detail = why;
    return text(status, std::move(why) + '\n', "text/html; charset=UTF-8");
}

Response nothing(Exchange& exchange) { return refused(exchange, 404, "there is nothing here"); }

std::vector<std::string> instance_scopes() {
    return {std::string(google_cloud_scope), std::string(google_email_scope)};
}

object account_json() {
    const auto scopes = instance_scopes();
    return {{"aliases", {"default"}},
            {"email", google_email(google_instance_account)},
            {"scopes", boost::json::array(scopes.begin(), scopes.end())}};
}

std::string zone() {
    return fmt::format("projects/{}/zones/europe-west1-b", google_project_number);
}

object accounts_json(const Google& google) {
    if (!google.rules.instance_has_account) return {};
    return {{"default", account_json()}, {google_email(google_instance_account), account_json()}};
}

object instance_json(const Google& google) {
    return {{"attributes", object()},
            {"id", instance_id},
            {"name", instance_name},
            {"serviceAccounts", accounts_json(google)},
            {"zone", zone()}};
}

std::vector<std::string> scopes_in(const std::string& list) {
    std::vector<std::string> scopes;
    for (std::size_t at = 0; at < list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        if (end > at) scopes.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return scopes.empty() ? instance_scopes() : scopes;
}

Response access_token(Exchange& exchange, const Parameters& query) {
    Google& google = exchange.state.google;
    const auto scopes = scopes_in(query.one("scopes"));
    const auto lifetime = google.rules.lifetime;
    const auto margin = std::min(handed_out_until, lifetime / 5);
    std::string& kept = google.instance_tokens[joined(scopes)];
    const GoogleToken* token = google.usable(kept, exchange.now);
    if (token == nullptr || token->expires_at - exchange.now <= margin) {
        kept = google.issue({.principal = google_email(google_instance_account),
                             .client_id = google.account(google_instance_account).unique_id,
                             .scopes = scopes,
                             .expires_at = exchange.now + lifetime},
                            "c.c0");
        token = google.usable(kept, exchange.now);
    }
    return json_response(200, {{"access_token", kept},
                               {"expires_in", google_expires_in(token->expires_at, exchange.now)},
                               {"token_type", "Bearer"}});
}

Response identity(Exchange& exchange, const Parameters& query) {
    const auto audience = query.one("audience");
    if (audience.empty()) return refused(exchange, 400, "non-empty audience parameter required");
    const auto& account = exchange.state.google.account(google_instance_account);
    // The subject is that of every other platform here, so that one rule of the Claude face fits
    // them all.
    object claims{{"iss", exchange.state.settings.origin},
                  {"sub", "system:serviceaccount:build:runner"},
                  {"azp", account.unique_id},
                  {"aud", audience},
                  {"iat", to_unix(exchange.now)},
                  {"exp", to_unix(exchange.now + exchange.state.google.rules.lifetime)}};
    if (query.one("format") == "full") {
        claims["email"] = account.email;
        claims["email_verified"] = true;
        claims["google"] = object{{"compute_engine",
                                   {{"project_id", google_project},
                                    {"zone", "europe-west1-b"},
                                    {"instance_id", instance_id},
                                    {"instance_name", instance_name}}}};
    }
    return text(200, exchange.state.keys.of(Algorithm::rs256).sign(claims), "text/html");
}

// `path` is what follows the account's name.
Response of_account(Exchange& exchange, std::string_view path, const Parameters& query) {
    if (path == "/token") return access_token(exchange, query);
    if (path == "/identity") return identity(exchange, query);
    if (path == "/email") return text(200, google_email(google_instance_account));
    if (path == "/aliases") return text(200, "default\n");
    if (path == "/scopes") {
        std::string lines;
        for (const auto& scope : instance_scopes()) lines += scope + '\n';
        return text(200, lines);
    }
    if (!path.empty()) return nothing(exchange);
    if (query.one("recursive") == "true") return json_response(200, account_json());
    return text(200, "aliases\nemail\nidentity\nscopes\ntoken\n");
}

Response of_accounts(Exchange& exchange, std::string_view path, const Parameters& query) {
    const Google& google = exchange.state.google;
    const auto email = google_email(google_instance_account);
    if (path.empty()) {
        if (query.one("recursive") == "true") return json_response(200, accounts_json(google));
        return text(200, google.rules.instance_has_account ? fmt::format("default/\n{}/\n", email)
                                                           : std::string());
    }
    path.remove_prefix(1);
    const auto name = path.substr(0, std::min(path.find('/'), path.size()));
    if (!google.rules.instance_has_account || (name != "default" && name != email))
        return refused(exchange, 404, "The service account was not found.");
    exchange.google.principal = email;
    return of_account(exchange, path.substr(name.size()), query);
}

struct Place {
    std::string_view path;
    std::string_view text;
};
constexpr std::array places{
    Place{"", "v1/\n"},
    Place{"/v1", "instance/\nproject/\nuniverse/\n"},
    Place{"/v1/instance", "attributes/\nid\nname\nservice-accounts/\nzone\n"},
    Place{"/v1/instance/attributes", ""},
    Place{"/v1/instance/id", instance_id},
    Place{"/v1/instance/name", instance_name},
    Place{"/v1/project", "numeric-project-id\nproject-id\n"},
    Place{"/v1/project/project-id", google_project},
    Place{"/v1/project/numeric-project-id", google_project_number},
    Place{"/v1/universe", "universe-domain\n"},
};

Response answer(Exchange& exchange, std::string_view path, const Parameters& query) {
    const bool recursive = query.one("recursive") == "true";
    if (path == "/v1/instance" && recursive)
        return json_response(200, instance_json(exchange.state.google));
    if (path == "/v1/instance/zone") return text(200, zone());
    if (path == "/v1/universe/universe-domain" || path == "/v1/universe/universe_domain")
        return text(200, exchange.state.google.rules.universe);
    const auto accounts = "/v1" + std::string(accounts_path);
    if (path == accounts || path.starts_with(accounts + '/'))
        return of_accounts(exchange, path.substr(accounts.size()), query);
    const auto* place = std::ranges::find(places, path, &Place::path);
    return place == places.end() ? nothing(exchange) : text(200, std::string(place->text));
}

}  // namespace

Response google_metadata_endpoint(Exchange& exchange) {
    const Request& request = exchange.request;
    std::string_view path = request.path;
    path.remove_prefix(root.size());
    if (path.ends_with('/')) path.remove_suffix(1);
    exchange.google.kind = path.substr(path.rfind('/') + 1);
    if (request.header("Metadata-Flavor") != "Google")
        return refused(exchange, 403, "the header Metadata-Flavor: Google is missing");
    if (!request.header("X-Forwarded-For").empty())
        return refused(exchange, 403, "the request was forwarded");
    const auto decoded = form_decode(path);
    const auto query = Parameters::parse(request.query);
    if (!decoded || !query) return refused(exchange, 400, "the address cannot be read");
    return answer(exchange, *decoded, *query);
}

}  // namespace hearth::sandbox
