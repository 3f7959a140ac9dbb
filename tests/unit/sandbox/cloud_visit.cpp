#include "unit/sandbox/cloud_visit.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hearth::sandbox::testing {

Pairs with(Pairs pairs, const std::string& name, const std::string& value) {
    std::erase_if(pairs, [&](const auto& pair) { return pair.first == name; });
    if (!value.empty()) pairs.emplace_back(name, value);
    return pairs;
}

Settings CloudVisit::defaults() {
    Settings settings;
    settings.origin = "http://127.0.0.1:7000";
    settings.auto_approve = true;
    settings.devices.approve_after_polls = 0;
    return settings;
}

void CloudVisit::given(Settings settings) { cloud = std::make_unique<Cloud>(std::move(settings)); }

Answer CloudVisit::visit(Request request) {
    request.headers.push_back({"Host", "127.0.0.1:7000"});
    return cloud->handle(request, now);
}

Response CloudVisit::get(const std::string& path, const Pairs& query, Lines headers) {
    return visit({.method = "GET",
                  .path = path,
                  .query = to_query(query),
                  .headers = std::move(headers),
                  .body = {}})
        .response;
}

Response CloudVisit::post(const std::string& path, const Pairs& form, Lines headers) {
    headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    return visit({.method = "POST",
                  .path = path,
                  .query = {},
                  .headers = std::move(headers),
                  .body = to_query(form)})
        .response;
}

Response CloudVisit::post_json(const std::string& path, const boost::json::object& body,
                               Lines headers) {
    headers.push_back({"Content-Type", "application/json"});
    return visit({.method = "POST",
                  .path = path,
                  .query = {},
                  .headers = std::move(headers),
                  .body = boost::json::serialize(body)})
        .response;
}

boost::json::object CloudVisit::json(const Response& response) {
    boost::system::error_code error;
    const auto value = boost::json::parse(response.body, error);
    if (error || !value.is_object()) return {};
    return value.get_object();
}

std::string CloudVisit::text(const boost::json::object& object, const std::string& name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

std::string CloudVisit::redirected(const Response& response, const std::string& name) {
    const std::string location(response.header("Location"));
    const auto question = location.find('?');
    if (question == std::string::npos) return {};
    return Parameters::parse(location.substr(question + 1))->one(name);
}

std::string CloudVisit::field(const Response& page, const std::string& name) {
    const std::string before = "name=\"" + name + "\" value=\"";
    const auto at = page.body.find(before);
    if (at == std::string::npos) return {};
    const auto begin = at + before.size();
    return page.body.substr(begin, page.body.find('"', begin) - begin);
}

Pairs CloudVisit::authorization_query(const std::string& scope) {
    return {{"client_id", "sandbox"},         {"redirect_uri", callback},
            {"response_type", "code"},        {"scope", scope},
            {"state", "state-of-mine"},       {"code_challenge", challenge},
            {"code_challenge_method", "S256"}};
}

Pairs CloudVisit::exchange_form(const std::string& code) {
    return {{"grant_type", "authorization_code"},
            {"code", code},
            {"client_id", "sandbox"},
            {"redirect_uri", callback},
            {"code_verifier", verifier}};
}

std::string CloudVisit::fresh_code(const std::string& scope) {
    return redirected(get("/authorize", authorization_query(scope)), "code");
}

boost::json::object CloudVisit::sign_in(const std::string& scope) {
    return json(post("/token", exchange_form(fresh_code(scope))));
}

Response CloudVisit::refresh(const std::string& token, const Pairs& more) {
    Pairs form{{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "sandbox"}};
    for (const auto& [name, value] : more) form = with(form, name, value);
    return post("/token", form);
}

Response CloudVisit::userinfo(const std::string& token) {
    return get("/userinfo", {}, {{"Authorization", "Bearer " + token}});
}

boost::json::object CloudVisit::family(std::size_t index) {
    return json(get("/_sandbox/records")).at("families").as_array().at(index).as_object();
}

}  // namespace hearth::sandbox::testing
