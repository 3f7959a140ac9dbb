#include "providers/oidc/account.hpp"

#include "core/try.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"

#include <vector>

namespace hearth::providers {

Result<json::Document> ask_userinfo(Http& http, const std::string& endpoint,
                                    const Secret& access_token, const std::stop_token& stop) {
    constexpr std::string_view what = "the userinfo endpoint";
    const auto url = HEARTH_TRY(oauth::endpoint(what, endpoint));
    HttpRequest request{.url = endpoint, .headers = {}, .body = {}};
    request.headers = {{"Accept", "application/json"},
                       {"Authorization", "Bearer " + std::string(access_token.reveal())}};
    const auto response = http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    if (response->status != 200) {
        std::vector<Secret> secrets;
        secrets.push_back(access_token.clone());
        auto error = oauth::not_done(*response, endpoint, what, secrets);
        if (response->status == 401) error.remedy = Remedy::sign_in;
        return std::unexpected(std::move(error));
    }
    auto userinfo = json::Document::parse(response->body.reveal());
    if (userinfo) return userinfo;
    return std::unexpected(
        Error{Remedy::failed, url.host() + ": the userinfo endpoint answered no JSON object", ""});
}

Result<> add_userinfo(Account& account, const json::Document& userinfo) {
    const auto subject = userinfo.text("sub");
    if (!account.subject.empty() && subject != account.subject) {
        return std::unexpected(
            Error{Remedy::refused, "the userinfo endpoint speaks of somebody else", ""});
    }
    const auto fill = [&](std::string& field, std::string_view name) {
        if (field.empty()) field = oauth::printable(userinfo.text(name), 256);
    };
    fill(account.subject, "sub");
    fill(account.email, "email");
    fill(account.name, "name");
    fill(account.name, "preferred_username");
    return {};
}

}  // namespace hearth::providers
