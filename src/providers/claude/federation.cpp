#include "providers/claude/federation.hpp"

#include "core/try.hpp"
#include "json/object_writer.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"
#include "oauth/token_reply.hpp"
#include "providers/claude/console.hpp"
#include "providers/claude/identity_token.hpp"
#include "providers/grants/renewal.hpp"

namespace hearth::providers::claude {
namespace {

using namespace std::chrono_literals;

constexpr const char* jwt_bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
// The SDKs send both; the documented example of the call sends neither.
constexpr const char* federation_betas = "oauth-2025-04-20,oidc-federation-2026-04-01";
// The customary lifetime where the answer names none, as one of the SDKs has it.
constexpr Span unnamed_lifetime = 1h;
// How far apart the documentation lets the clocks be.
constexpr Span clock_leeway = 30s;
// What was wrong here may be mended at any moment, and looking costs nothing.
constexpr Span own_pause = 2s;
// A refusal holds at least as long as the service keeps the issuer's keys.
constexpr Span refusal_pause = 1min;

Renewal not_renewed(NotRenewed outcome) {
    return {.outcome = std::move(outcome), .server_skew = {}};
}

// Before anything was sent to the exchange.
Renewal unsent(Error error) {
    const bool passing = error.remedy == Remedy::unreachable;
    return not_renewed({.error = std::move(error),
                        .worth_retrying = true,
                        .retry_after = {},
                        .look_again = passing ? std::optional<Span>() : own_pause,
                        .ours = true});
}

Secret body_of(const Profile& profile, const Assertion& assertion) {
    json::ObjectWriter body;
    body.text("grant_type", jwt_bearer)
        .text("assertion", assertion.token.reveal())
        .text("federation_rule_id", profile.federation->rule)
        .text("organization_id", profile.organization)
        .text("service_account_id", profile.federation->service_account);
    if (!profile.claude->workspace.empty()) body.text("workspace_id", profile.claude->workspace);
    return body.take();
}

// " (type: message)" of the API's error shape, or nothing.
std::string reason_in(const HttpResponse& response, const std::vector<Secret>& secrets) {
    const auto body = json::Document::parse(response.body.reveal());
    if (!body) return {};
    const auto error = body->object("error");
    const auto type = oauth::quotable(error.text("type"), 80, secrets);
    const auto message = oauth::quotable(error.text("message"), 300, secrets);
    if (type.empty()) return {};
    return " (" + type + (message.empty() ? "" : ": " + message) + ")";
}

std::string next_step(int status, const Profile& profile) {
    const auto again = "; then: hearth login " + profile.name.text();
    if (status == 401)
        return "compare this with the rule and the issuer in the Claude Console, whose history "
               "says what did not fit" +
               again;
    if (status == 400)
        return "check federation_rule_id, organization, service_account_id and workspace" + again;
    return "check base_url of the profile" + again;
}

// Every denial is the same 401: what the token says of itself is what people compare with the rule.
Renewal refused(const HttpResponse& response, const std::string& url, const Profile& profile,
                const Assertion& assertion, Instant now) {
    std::vector<Secret> secrets;
    secrets.push_back(assertion.token.clone());
    const int status = response.status;
    const bool passing = status >= 500 || status == 429 || status == 408 || status == 425;
    const auto place = Url::parse(url);
    Error error{passing ? Remedy::unreachable : Remedy::failed,
                (place ? place->host() : "the server") + ": the federation exchange answered " +
                    std::to_string(status) + reason_in(response, secrets) +
                    oauth::request_id(response, secrets),
                ""};
    if (passing)
        return not_renewed({.error = std::move(error),
                            .worth_retrying = true,
                            .retry_after = oauth::retry_after(response, now)});
    error.what += "; the rule was " + oauth::printable(profile.federation->rule, 80) +
                  ", and the identity token says: " + assertion.shown();
    error.hint = next_step(status, profile);
    return not_renewed({.error = std::move(error),
                        .worth_retrying = false,
                        .retry_after = {},
                        .look_again = refusal_pause});
}

Session session_of(const Profile& profile, oauth::TokenReply reply, const std::string& url) {
    Session session;
    session.provider = "claude";
    session.token_endpoint = url;
    session.unattended = true;
    session.signed_in_at = reply.requested_at.wall;
    session.account.subject = profile.federation->service_account;
    session.account.organization_id = profile.organization;
    session.account.workspace_id = profile.claude->workspace;
    // None is documented, and none is needed.
    reply.refresh_token.reset();
    if (!reply.expires_in) reply.expires_in = unnamed_lifetime;
    take_tokens(session, std::move(reply));
    return session;
}

Renewal answered(const HttpResponse& response, const std::string& url, const Profile& profile,
                 const Assertion& assertion, const Moment& before) {
    if (response.status != 200) return refused(response, url, profile, assertion, before.wall);
    std::vector<Secret> secrets;
    secrets.push_back(assertion.token.clone());
    auto reply = oauth::read_token_reply(response, secrets);
    if (!reply) {
        auto error = std::move(reply).error();
        error.what = "the federation exchange " + error.what;
        return not_renewed({.error = std::move(error), .worth_retrying = true, .retry_after = {}});
    }
    reply->requested_at = before;
    return {.outcome = Renewed{session_of(profile, *std::move(reply), url)}, .server_skew = {}};
}

std::optional<Error> expired(const Assertion& assertion, Instant now) {
    if (now < assertion.expires_at + clock_leeway) return {};
    return Error{
        Remedy::failed, "the identity token has expired; it says: " + assertion.shown(),
        "let the platform put a new one there; where it is new, the clock is wrong: hearth "
        "doctor"};
}

}  // namespace

Result<> check_federation(const Profile& profile) {
    const auto& federation = *profile.federation;
    if (federation.none()) return {};
    const auto wrong = [&](const std::string& what, std::string hint) {
        return std::unexpected(
            Error{Remedy::usage, "profile '" + profile.name.text() + "' " + what, std::move(hint)});
    };
    std::string missing;
    const auto need = [&missing](bool there, std::string_view key) {
        if (!there) missing += (missing.empty() ? "" : ", ") + std::string(key);
    };
    need(!federation.rule.empty(), "federation_rule_id");
    need(!profile.organization.empty(), "organization");
    need(!federation.service_account.empty(), "service_account_id");
    need(!federation.identity.none(), "identity_token");
    if (!missing.empty())
        return wrong("is to sign in by federation and lacks " + missing,
                     "hearth-config(5) tells what each of them is");
    if (!profile.client_id.empty())
        return wrong("has both a client_id and a federation_rule_id",
                     "a person signs in with the one, a workload with the other");
    return {};
}

Renewal exchange_identity(const Ports& ports, IdentityMaterial& material, const Profile& profile,
                          const std::stop_token& stop) {
    if (const auto checked = check_federation(profile); !checked) return unsent(checked.error());
    const auto url = Console::of(profile).token;
    if (const auto allowed = oauth::endpoint("the token endpoint", url); !allowed)
        return unsent(allowed.error());
    const auto assertion = identity_token(profile, material, ports, stop);
    if (!assertion) return unsent(assertion.error());
    const auto before = ports.clock.now();
    if (auto late = expired(*assertion, before.wall)) return unsent(*std::move(late));
    const auto response = ports.http.send({.method = "POST",
                                           .url = url,
                                           .headers = {{"Content-Type", "application/json"},
                                                       {"Accept", "application/json"},
                                                       {"anthropic-beta", federation_betas}},
                                           .body = body_of(profile, *assertion)},
                                          stop);
    // An answer that never came is no loss: the identity token buys another one.
    if (!response)
        return not_renewed(
            {.error = response.error().error, .worth_retrying = true, .retry_after = {}});
    auto renewal = answered(*response, url, profile, *assertion, before);
    renewal.server_skew = oauth::server_skew(*response, before.wall, ports.clock.now().wall);
    return renewal;
}

}  // namespace hearth::providers::claude
