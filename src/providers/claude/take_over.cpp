#include "providers/claude/take_over.hpp"

#include "core/try.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "providers/claude/console.hpp"
#include "providers/claude/profile_reply.hpp"
#include "providers/claude/sign_in.hpp"
#include "providers/grants/held_tokens.hpp"

namespace hearth::providers::claude {
namespace {

// Whose the access token is, as the API says. Absent where it does not say.
std::optional<Account> asked_account(const Ports& ports, const Console& console,
                                     const Session& session, const std::stop_token& stop) {
    HttpRequest request{
        .url = console.account_profile,
        .headers = {{"Authorization", "Bearer " + std::string(session.access_token.reveal())},
                    {"anthropic-beta", oauth_beta},
                    {"anthropic-version", api_version}},
        .body = {}};
    const auto response = ports.http.send(std::move(request), stop);
    if (!response || response->status != 200) return {};
    const auto reply = json::Document::parse(response->body.reveal());
    if (!reply) return {};
    Account account;
    add_profile_reply(account, *reply);
    if (account.organization_id.empty()) return {};
    return account;
}

}  // namespace

Result<Session> take_over(const Ports& ports, const Profile& profile, HeldTokens tokens,
                          const std::stop_token& stop) {
    const auto console = Console::of(profile);
    Session session;
    session.provider = "claude";
    session.client_id = profile.client_id;
    session.client_auth = "none";
    session.token_endpoint = console.token;
    session.revocation_endpoint = profile.endpoints->revocation;
    session.account = std::exchange(tokens.account, {});
    take_held(session, std::move(tokens), ports.clock.now());
    if (serves(session)) {
        if (auto told = asked_account(ports, console, session, stop)) {
            session.account = *std::move(told);
        } else {
            // The answer to the renewal names the organisation.
            renew_first(session);
        }
    }
    // What is renewed first is checked by what the server says then.
    if (serves(session) || !session.account.organization_id.empty())
        HEARTH_CHECK(check_organization(profile, session.account));
    return session;
}

}  // namespace hearth::providers::claude
