#include "providers/aws/aws.hpp"

#include <utility>

#include "core/try.hpp"
#include "providers/aws/device_code.hpp"
#include "providers/aws/identity_center.hpp"
#include "providers/aws/key_session.hpp"
#include "providers/aws/process_document.hpp"
#include "providers/aws/request_signer.hpp"
#include "providers/aws/settled.hpp"
#include "providers/aws/sso_place.hpp"
#include "providers/aws/sso_portal.hpp"
#include "providers/aws/sso_token_cache.hpp"
#include "providers/aws/sts.hpp"
#include "providers/grants/renewal.hpp"

namespace hearth::providers {
namespace {

using namespace std::chrono_literals;

// A setting may be mended at any moment, and looking costs nothing.
constexpr Span own_pause = 2s;
// What a service refused it refuses again for a while.
constexpr Span refusal_pause = 1min;

Renewal not_renewed(NotRenewed outcome) {
    return {.outcome = std::move(outcome), .server_skew = {}};
}

// Before anything was sent.
Renewal unsent(Error error) {
    return not_renewed({.error = std::move(error),
                        .worth_retrying = true,
                        .retry_after = {},
                        .look_again = own_pause,
                        .ours = true});
}

Renewal failed(aws::KeysFailure failure) {
    using Kind = aws::KeysFailure::Kind;
    const bool here = failure.kind == Kind::needs_person || failure.kind == Kind::needs_program ||
                      failure.kind == Kind::not_asked;
    if (here) return unsent(std::move(failure.error));
    const bool passing = failure.kind == Kind::passing;
    return not_renewed({.error = std::move(failure.error),
                        .worth_retrying = passing,
                        .retry_after = failure.retry_after,
                        .look_again = passing ? std::optional<Span>() : refusal_pause});
}

// What CloudTrail shows of the caller where the role's settings name nothing.
std::string session_name(const Profile& profile) {
    return "hearth-" + profile.name.text().substr(0, 48);
}

Result<Session> session_in(Renewal renewal) {
    if (auto* const renewed = std::get_if<Renewed>(&renewal.outcome))
        return std::move(renewed->session);
    if (auto* const refused = std::get_if<NotRenewed>(&renewal.outcome))
        return std::unexpected(std::move(refused->error));
    return std::unexpected(Error{Remedy::failed, "no keys of AWS were got", "hearth doctor"});
}

// Identity Center does not tell a program who the person is.
std::vector<Fact> facts_of_sign_in(const Session& session) {
    std::vector<Fact> facts;
    for (const auto& [fact, name] : {std::pair(aws::sso_start_url_fact, "identity center"),
                                     std::pair(aws::sso_region_fact, "region")}) {
        const auto found = session.facts.find(fact);
        if (found != session.facts.end()) facts.push_back({name, found->second});
    }
    if (facts.empty()) facts.push_back({"credential", "API key of Bedrock"});
    return facts;
}

}  // namespace

Result<> Aws::check(const Profile& profile) const {
    HEARTH_CHECK(aws::check_settings(profile));
    if (aws::signs_in_to_identity_center(*profile.aws)) return aws::check_identity_center(profile);
    return {};
}

std::optional<ProfileName> Aws::rests_on(const Profile& profile) const {
    auto base = ProfileName::parse(profile.aws->sso_profile);
    if (!base) return std::nullopt;
    return *std::move(base);
}

// What it is for a profile that rests on another is for that one's sign-in to say.
std::string Aws::basis(const Profile& profile) const {
    if (rests_on(profile) || aws::signs_in_to_identity_center(*profile.aws)) return {};
    return decisions_.of(profile).basis;
}

std::optional<aws::KeyCommand> Aws::command_of(const Profile& profile) const {
    if (rests_on(profile) || aws::signs_in_to_identity_center(*profile.aws)) return std::nullopt;
    return decisions_.of(profile).command;
}

bool Aws::unattended(const Profile& profile) const {
    return !aws::signs_in_to_identity_center(*profile.aws);
}

Result<Session> Aws::sign_in(const Profile& profile, const SignInOptions& options, Person& person,
                             std::stop_token stop) {
    HEARTH_CHECK(check(profile));
    if (aws::signs_in_to_identity_center(*profile.aws))
        return aws::sign_in_to_identity_center(ports_, profile, options, person, stop);
    if (const auto base = rests_on(profile))
        return std::unexpected(Error{Remedy::usage,
                                     "the sign-in of this profile is that of " + base->text(),
                                     "hearth login " + base->text()});
    const auto settled = HEARTH_TRY(aws::settle(profile, nullptr, material_));
    const auto device = aws::mfa_device(settled.plan);
    if (device.empty()) return session_in(keys_by(settled, nullptr, profile, {}, {}, stop));
    const auto code =
        HEARTH_TRY(aws::ask_device_code(person, device, profile.sign_in_timeout, stop));
    auto session = HEARTH_TRY(session_in(keys_by(settled, nullptr, profile, {}, code, stop)));
    // Without another code there are no newer keys, whatever changes.
    session.unattended = false;
    session.facts.erase(basis_fact);
    return session;
}

Result<Session> Aws::adopt(const Profile& profile, Secret token) {
    HEARTH_CHECK(check(profile));
    // What is there can renew itself, and keys cannot.
    if (aws::signs_in_to_identity_center(*profile.aws))
        return std::unexpected(Error{Remedy::usage,
                                     "profile '" + profile.name.text() +
                                         "' signs in to Identity Center and is given no keys",
                                     "keep the keys in another profile"});
    const auto now = ports_.clock.now();
    if (aws::is_bedrock_key(token.reveal())) return aws::bedrock_session(std::move(token), now);
    auto keys = HEARTH_TRY(aws::keys_in_document(token.reveal()));
    if (keys.expires_at && *keys.expires_at <= now.wall)
        return std::unexpected(
            Error{Remedy::usage, "these keys of AWS have expired", "hand over newer ones"});
    return aws::given_session(keys, now);
}

Renewal Aws::renew(const Profile& profile, const Session& session, std::stop_token stop) {
    if (aws::signs_in_to_identity_center(*profile.aws))
        return aws::renew_identity_center(ports_, session, stop);
    return keys_renewed(nullptr, profile, session, stop);
}

Renewal Aws::renew_with(const Base& base, const Profile& profile, const Session& session,
                        std::stop_token stop) {
    return keys_renewed(&base, profile, session, stop);
}

Renewal Aws::keys_renewed(const Base* base, const Profile& profile, const Session& session,
                          const std::stop_token& stop) {
    auto settled = aws::settle(profile, base == nullptr ? nullptr : base->profile.get(), material_);
    if (!settled) return unsent(std::move(settled).error());
    return keys_by(*settled, base, profile, session, {}, stop);
}

Renewal Aws::keys_by(const aws::Settled& settled, const Base* base, const Profile& profile,
                     const Session& session, const std::string& code, const std::stop_token& stop) {
    const aws::RoleKeys by_sign_in = [&](const aws::IdentityCenter& role) {
        return role_keys(base, profile, role, stop);
    };
    const aws::Outside outside{.http = ports_.http,
                               .clock = ports_.clock,
                               .random = ports_.random,
                               .files = material_,
                               .signer = signer_,
                               .role_keys = by_sign_in};
    const auto before = ports_.clock.now();
    auto keys = aws::keys_of(settled.plan, session_name(profile), code, outside, stop);
    if (!keys) return failed(std::move(keys).error());
    const auto skew = keys->server_skew;
    return {.outcome = Renewed{aws::session_of(settled, *keys, session, before)},
            .server_skew = skew};
}

aws::KeysResult Aws::role_keys(const Base* base, const Profile& profile,
                               const aws::IdentityCenter& role, const std::stop_token& stop) {
    const aws::SsoRole wanted{.account_id = role.account_id, .role_name = role.role_name};
    const auto ask = [&](const Result<aws::SsoPlace>& place, const Secret& token,
                         const std::string& sign_in) -> aws::KeysResult {
        if (!place)
            return std::unexpected(aws::KeysFailure{.kind = aws::KeysFailure::Kind::not_asked,
                                                    .error = place.error(),
                                                    .retry_after = {}});
        const aws::SsoCaller caller{
            .portal = place->portal, .access_token = token, .sign_in = sign_in};
        return aws::role_keys(caller, wanted, ports_.http, ports_.clock, stop);
    };
    if (base != nullptr)
        return ask(aws::sso_place(*base->profile->aws), base->credential->token(),
                   "hearth login " + base->profile->name.text());
    const auto cached =
        aws::cached_sso_token(role, material_.home(), material_, ports_.clock.now().wall);
    if (!cached) return std::unexpected(cached.error());
    return ask(aws::sso_place(role.region, profile.aws->sso_oidc_endpoint,
                              profile.aws->sso_portal_endpoint),
               cached->access_token, "aws sso login");
}

Result<> Aws::revoke(const Profile& /*profile*/, const Session& session, std::stop_token stop) {
    if (!session.facts.contains(aws::sso_start_url_fact)) return {};
    return aws::sign_out_of_identity_center(ports_.http, session, stop);
}

Result<std::vector<Fact>> Aws::whoami(const Profile& profile, const Session& session,
                                      std::stop_token stop) {
    if (session.kind != Credential::Kind::aws) return facts_of_sign_in(session);
    const auto service = HEARTH_TRY(aws::token_service(profile, material_));
    const auto keys = HEARTH_TRY(aws::keys_in_document(session.access_token.reveal()));
    aws::Sts sts(ports_.http, ports_.clock, signer_);
    auto caller = sts.caller_identity(service, keys.keys, stop);
    if (!caller) return std::unexpected(std::move(caller).error().error);
    std::vector<Fact> facts{
        {"arn", caller->arn}, {"account", caller->account}, {"user id", caller->user_id}};
    const auto region = aws::region_of(profile, session);
    if (!region.empty()) facts.push_back({"region", region});
    for (const auto& [name, value] : aws::origin_of(session)) facts.push_back({name, value});
    return facts;
}

CredentialPtr Aws::credential(const Profile& profile, const Session& session) const {
    Credential::Parts parts{.kind = session.kind,
                            .token = session.access_token.clone(),
                            .profile = profile.name.text(),
                            .version = session.version,
                            .expires_at = expiry_of(session)};
    if (session.kind != Credential::Kind::aws)
        return std::make_shared<const Credential>(std::move(parts));
    auto keys = aws::keys_in_document(session.access_token.reveal());
    // What was stored was written by `process_document`; one that is damaged signs nothing.
    auto& held = parts.aws.emplace();
    if (keys) {
        if (!parts.expires_at && keys->expires_at)
            parts.expires_at = std::chrono::floor<std::chrono::seconds>(*keys->expires_at);
        parts.token = aws::process_document(keys->keys, keys->expires_at);
        held.access_key_id = std::move(keys->keys.access_key_id);
        held.secret_access_key = std::move(keys->keys.secret_access_key);
        held.session_token = std::move(keys->keys.session_token);
        held.account_id = std::move(keys->keys.account_id);
    }
    held.region = aws::region_of(profile, session);
    parts.signer = std::make_shared<const aws::ServiceSigner>(
        signer_, ports_.clock,
        aws::SigningName{.service = profile.aws->service, .region = held.region});
    return std::make_shared<const Credential>(std::move(parts));
}

}  // namespace hearth::providers
