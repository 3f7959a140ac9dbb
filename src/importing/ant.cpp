#include "importing/ant.hpp"

#include <algorithm>

#include "core/url.hpp"

namespace hearth::importing {
namespace {

constexpr std::string_view usual_server = "https://api.anthropic.com";

json::View authentication_in(const json::View& config) { return config["authentication"]; }

// An absent file reads as an object without members.
Result<json::View> parsed(std::string_view text) {
    if (text.empty()) return json::View();
    auto view = json::View::parse(text);
    if (view && !view->is_object())
        return std::unexpected(Error{Remedy::failed, "not a JSON object", ""});
    return view;
}

Account account_in(const json::View& credentials) {
    Account account;
    account.email = shown(credentials, "account_email");
    account.organization_id = shown(credentials, "organization_uuid");
    account.organization_name = shown(credentials, "organization_name");
    account.workspace_id = shown(credentials, "workspace_id");
    account.workspace_name = shown(credentials, "workspace_name");
    return account;
}

Offer offer_of(const json::View& config, const json::View& credentials) {
    Offer offer{.provider = "claude", .settings = {}, .account = account_in(credentials)};
    const auto set = [&](std::string_view key, std::string value) {
        if (!value.empty()) offer.settings.emplace_back(key, std::move(value));
    };
    const auto authentication = authentication_in(config);
    set("client_id", shown(authentication, "client_id"));
    set("console_url", shown(authentication, "console_url"));
    set("base_url", shown(config, "base_url"));
    set("organization", shown(config, "organization_id"));
    set("workspace", shown(config, "workspace_id"));
    offer.access_token = secret_in(credentials, "access_token");
    offer.refresh_token = secret_in(credentials, "refresh_token");
    offer.scopes = shown(credentials, "scope");
    return offer;
}

// An API key that somebody put where a token belongs.
bool is_key(const Secret& token) { return token.reveal().starts_with("sk-ant-api"); }

Finding with_key(Finding finding, const json::View& config, Secret key) {
    finding.what = "an API key";
    finding.expires_at.reset();
    Offer offer{.provider = "claude", .settings = {}, .key = std::move(key)};
    if (auto base_url = shown(config, "base_url"); !base_url.empty())
        offer.settings.emplace_back("base_url", std::move(base_url));
    finding.offer = std::move(offer);
    return finding;
}

Finding with_session(Finding finding, Offer offer, std::string_view name) {
    finding.release = std::string(name == "default" ? "" : "ANTHROPIC_PROFILE=");
    if (name != "default") finding.release += std::string(name) + " ";
    finding.release += "ant auth logout";
    finding.offer = std::move(offer);
    return finding;
}

// What keeps the session that the two files describe from being held; empty when nothing does.
Finding judged(Finding finding, const json::View& config, const json::View& credentials,
               std::string_view name) {
    const auto type = credentials["type"];
    if (!type.is_null() && type.text() != "oauth_token")
        return refused(std::move(finding), "its credential is of a kind that hearth does not know");
    auto token = secret_in(credentials, "access_token");
    if (token && is_key(*token)) return with_key(std::move(finding), config, *std::move(token));
    auto offer = offer_of(config, credentials);
    if (authentication_in(config)["client_id"].text().empty())
        return refused(std::move(finding),
                       "it names no client, which says that another program keeps it fresh",
                       "sign in to hearth instead: hearth login");
    if (!offer.refresh_token)
        return refused(std::move(finding), "it has no refresh token to renew it with",
                       "hearth login NAME --with-token keeps an access token until it ends");
    return with_session(std::move(finding), std::move(offer), name);
}

}  // namespace

bool is_ant_profile_name(std::string_view name) noexcept {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !name.empty() && name.front() != '.' &&
           name.find_first_not_of(allowed) == std::string_view::npos;
}

std::string ant_credentials_path(std::string_view config) {
    const auto view = parsed(config);
    return view ? shown(authentication_in(*view), "credentials_path") : std::string();
}

Finding ant_profile(std::string_view name, std::string_view config_text,
                    const std::optional<Secret>& credentials_text) {
    Finding finding{.tool = Tool::ant, .path = {}, .what = "a sign-in to Claude"};
    finding.name = profile_name(name == "default" ? "claude" : name, "ant");
    const auto config = parsed(config_text);
    if (!config) return refused(std::move(finding), "its configuration is not a JSON object");
    finding.server = shown(*config, "base_url");
    if (finding.server.empty()) finding.server = usual_server;
    if (!Url::parse(finding.server))
        return refused(std::move(finding), "its base_url is not an address");
    const auto type = authentication_in(*config)["type"].text();
    if (type == "oidc_federation")
        return refused(std::move(finding),
                       "it signs in by workload identity, without a session to take over",
                       "hearth does the same: set federation_rule_id, hearth-config(5)");
    if (!type.empty() && type != "user_oauth")
        return refused(std::move(finding), "it signs in in a way that hearth does not know");
    if (!credentials_text)
        return refused(std::move(finding), "nobody is signed in to it", "ant auth login");
    const auto credentials = parsed(credentials_text->reveal());
    if (!credentials || !credentials->is_object())
        return refused(std::move(finding), "it is not a JSON object");
    finding.account = shown(*credentials, "account_email");
    if (finding.account.empty()) finding.account = shown(*credentials, "organization_name");
    finding.expires_at = from_unix_seconds((*credentials)["expires_at"].number());
    return judged(std::move(finding), *config, *credentials, name);
}

}  // namespace hearth::importing
