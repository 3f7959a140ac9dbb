#include "importing/oidc_agent.hpp"

#include "core/scope.hpp"
#include "core/url.hpp"

namespace hearth::importing {
namespace {

// Two versions of the tool call it differently.
std::string issuer_in(const json::View& account) {
    auto issuer = shown(account, "issuer_url");
    return issuer.empty() ? shown(account, "issuer") : issuer;
}

Offer offer_of(const json::View& account, const std::string& issuer) {
    Offer offer{.provider = "oidc", .settings = {{"issuer", issuer}}};
    offer.settings.emplace_back("client_id", shown(account, "client_id"));
    offer.refresh_token = secret_in(account, "refresh_token");
    offer.client_secret = secret_in(account, "client_secret");
    // "max" is the tool's own word for all that there are.
    const auto scopes = Scopes::parse(shown(account, "scope"));
    if (!scopes || scopes->contains("max")) return offer;
    offer.scopes = scopes->to_string();
    for (const auto& scope : scopes->values()) offer.settings.emplace_back("scope", scope);
    return offer;
}

// In a command that a person types; a name that is no word is for the person to fill in.
std::string word(std::string_view name) { return profile_name(name, "NAME"); }

}  // namespace

Finding oidc_agent_account(std::string_view name, const Secret& text) {
    Finding finding{.tool = Tool::oidc_agent, .path = {}, .what = "an account of oidc-agent"};
    const auto account = json::View::parse(text.reveal());
    if (!account || !account->is_object())
        return refused(
            std::move(finding), "it is encrypted, or no account at all",
            "oidc-gen --print " + word(name) + " | hearth import oidc-agent --file - --yes");
    const auto own = shown(*account, "name");
    finding.name = profile_name(own.empty() ? name : own, "oidc-agent");
    finding.server = issuer_in(*account);
    if (!Url::parse(finding.server))
        return refused(std::move(finding), "it names no issuer that is an address");
    if (!secret_in(*account, "refresh_token")) {
        finding.expires_at = from_unix_seconds((*account)["expires_at"].number());
        return refused(std::move(finding), "it has no refresh token to renew it with",
                       "oidc-gen --print NAME shows the whole account");
    }
    if (shown(*account, "client_id").empty())
        return refused(std::move(finding), "it names no client");
    // Deleting the account instead would revoke the token that hearth has taken over.
    finding.release = "oidc-add --remove " + word(own.empty() ? name : own);
    finding.offer = offer_of(*account, finding.server);
    return finding;
}

}  // namespace hearth::importing
