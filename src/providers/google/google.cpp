#include "providers/google/google.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"
#include "oauth/revocation.hpp"
#include "providers/google/authorized_user.hpp"
#include "providers/google/check.hpp"
#include "providers/google/external_account.hpp"
#include "providers/google/google_session.hpp"
#include "providers/google/impersonation.hpp"
#include "providers/google/sign_in.hpp"
#include "providers/google/token_info.hpp"
#include "providers/google/tokens.hpp"
#include "providers/grants/renewal.hpp"

namespace hearth::providers {
namespace {

constexpr const char* own_sts = "https://sts.googleapis.com";
constexpr const char* jwt_type = "urn:ietf:params:oauth:token-type:jwt";
constexpr const char* aws_type = "urn:ietf:params:aws:token-type:aws4_request";
constexpr Span customary_lifetime = std::chrono::hours(1);
constexpr const char* handed_over = "what was handed over";

// Before anything was sent.
Renewal unsent(Error error, const Session& session) {
    return google::failed_renewal({.kind = google::TokenFailure::Kind::not_asked,
                                   .error = std::move(error),
                                   .retry_after = {},
                                   .server_skew = {}},
                                  session);
}

bool is_document(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && text[begin] == '{';
}

// How the person of a session signs in anew.
std::string again(const Profile& profile) {
    const auto name = profile.name.text();
    return "hearth login " + name +
           (google::signs_in(profile) ? ""
                                      : " --with-key-file FILE, after a new sign-in by gcloud");
}

bool is_token(std::string_view text) {
    const auto good = [](char c) { return c > 0x20 && c < 0x7F; };
    return !text.empty() && std::ranges::all_of(text, good);
}

// The pool that a profile takes part in with another profile's credential.
google::ExternalAccount pool_of(const Profile& profile, const char* subject_token_type) {
    const auto& settings = *profile.google;
    const auto& universe = settings.universe_domain;
    std::string service = settings.sts_endpoint;
    if (service.empty()) service = universe.empty() ? own_sts : "https://sts." + universe;
    google::ExternalAccount pool;
    pool.audience = settings.workload_audience;
    pool.subject_token_type = subject_token_type;
    pool.token_url = service + "/v1/token";
    if (!settings.impersonate.empty()) pool.impersonation = google::impersonation_of(settings);
    return pool;
}

// A refresh token that a server gave in exchange for the file's, as long as the file is the same.
void use_newer(google::Credentials& credentials, const Session& session) {
    if (!session.refresh_token) return;
    if (auto* const user = std::get_if<google::AuthorizedUser>(&credentials.kind))
        user->refresh_token = session.refresh_token->clone();
    if (auto* const user = std::get_if<google::ExternalAccountAuthorizedUser>(&credentials.kind))
        user->refresh_token = session.refresh_token->clone();
}

// What a session holds is used as it is: who wants to become somebody with it rests on it.
Result<> check_held(const Profile& profile) {
    const auto& name = profile.name.text();
    if (!profile.google->impersonate.empty())
        return std::unexpected(Error{Remedy::usage,
                                     "profile '" + name +
                                         "' becomes a service account, and what is handed over "
                                         "would speak for itself",
                                     "keep it in another profile, and name that by base_profile"});
    return {};
}

// The session holds one thing and the profile has come to name another.
Result<> check_still_meant(const Profile& profile) {
    const auto& settings = *profile.google;
    const bool rests = !settings.base_profile.empty();
    if (!rests) HEARTH_CHECK(check_held(profile));
    if (!rests && (google::signs_in(profile) || settings.credentials_file.empty())) return {};
    return std::unexpected(
        Error{Remedy::usage,
              std::string("the session holds what was handed over or signed in to, and the profile "
                          "names a ") +
                  (rests ? "base_profile" : "credentials_file"),
              "hearth logout " + profile.name.text() + " gives up the one; or take the other out"});
}

// A refresh token or a key of the session's own, which nothing but a sign-out gives up.
bool holds_secret(const Session& session) { return session.refresh_token && !session.unattended; }

bool same_basis(const Session& session, const std::string& basis) {
    const auto found = session.facts.find(basis_fact);
    return found != session.facts.end() && found->second == basis;
}

}  // namespace

Result<> Google::check(const Profile& profile) const { return google::check_settings(profile); }

std::optional<ProfileName> Google::rests_on(const Profile& profile) const {
    auto base = ProfileName::parse(profile.google->base_profile);
    if (!base) return std::nullopt;
    return *std::move(base);
}

bool Google::unattended(const Profile& profile) const { return !google::signs_in(profile); }

std::string Google::basis(const Profile& profile) const {
    if (google::signs_in(profile)) return {};
    return rests_on(profile) ? google::basis_of_wish(profile) : findings_.of(profile).basis;
}

std::optional<google::SubjectCommand> Google::command_of(const Profile& profile) const {
    if (google::signs_in(profile) || rests_on(profile)) return std::nullopt;
    return findings_.of(profile).command;
}

google::Outside Google::outside_for(const Profile& profile) const {
    auto printed = material_.printed(profile.name);
    // Of a command that the file has no more.
    if (printed && !findings_.printed_now(profile)) printed.reset();
    // What somebody ran was allowed to be run.
    const bool allowed = profile.google->allow_executables || printed.has_value();
    return {.http = ports_.http,
            .clock = ports_.clock,
            .material = material_,
            .signer = signer_,
            .allow_executables = allowed,
            .printed = std::move(printed)};
}

Result<Session> Google::sign_in(const Profile& profile, const SignInOptions& options,
                                Person& person, std::stop_token stop) {
    HEARTH_CHECK(check(profile));
    if (google::signs_in(profile))
        return google::sign_in_as_person(ports_, material_, profile, options, person, stop);
    if (const auto base = rests_on(profile))
        return std::unexpected(Error{Remedy::usage,
                                     "the sign-in of this profile is that of " + base->text(),
                                     "hearth login " + base->text()});
    auto renewal = by_own_credentials(profile, Session{}, stop);
    if (auto* const renewed = std::get_if<Renewed>(&renewal.outcome))
        return std::move(renewed->session);
    if (auto* const refused = std::get_if<NotRenewed>(&renewal.outcome))
        return std::unexpected(std::move(refused->error));
    return std::unexpected(Error{Remedy::failed, "no token of Google was got", "hearth doctor"});
}

Result<Session> Google::adopt(const Profile& profile, Secret token) {
    HEARTH_CHECK(check(profile));
    if (const auto base = rests_on(profile))
        return std::unexpected(Error{Remedy::usage,
                                     "the credential of this profile is got with that of " +
                                         base->text() + ", and nothing else is kept for it",
                                     "keep it in another profile"});
    HEARTH_CHECK(check_held(profile));
    const auto before = ports_.clock.now();
    if (!is_document(token.reveal())) {
        if (!is_token(token.reveal()))
            return std::unexpected(Error{Remedy::usage,
                                         "that is neither a credential file of Google nor a token",
                                         "hand over the whole file, or one line with the token"});
        const auto info = HEARTH_TRY(
            google::ask_token_info(ports_.http, profile.google->tokeninfo_endpoint, token, {}));
        Session session;
        session.signed_in_at = before.wall;
        session.account.email = info.email;
        session.account.subject = info.subject;
        return google::with_token(
            session,
            {.value = std::move(token),
             .lifetime = std::min(info.expires_in.value_or(customary_lifetime), customary_lifetime),
             .refresh_token = {},
             .server_skew = {}},
            before);
    }
    const auto credentials = HEARTH_TRY(
        google::read_credentials(token.reveal(), google::rules_of(*profile.google, handed_over)));
    const auto session =
        HEARTH_TRY(google::held_session(token.reveal(), credentials, ports_.clock.now()));
    auto first = of_session(profile, session, {});
    if (!first) return std::unexpected(std::move(first).error().error);
    return google::with_token(session, *std::move(first), before);
}

Result<Session> Google::take_over(const Profile& profile, HeldTokens tokens,
                                  const std::stop_token& stop) {
    HEARTH_CHECK(check(profile));
    return google::take_over_person(ports_, material_, profile, std::move(tokens), stop);
}

// With what the session itself holds.
google::TokenResult Google::of_session(const Profile& profile, const Session& session,
                                       const std::stop_token& stop) const {
    const auto outside = outside_for(profile);
    const auto wanted = google::wanted_of(profile);
    if (google::is_external_person(session)) {
        auto user = google::external_user_of(session);
        user.sign_in = again(profile);
        return google::external_user_token(user, outside, stop);
    }
    if (google::is_person(session)) {
        auto user = google::user_of(session);
        user.sign_in = again(profile);
        return google::authorized_user_token(user, wanted, outside, stop);
    }
    const auto credentials = google::read_credentials(
        google::held_file(session), google::rules_of(*profile.google, handed_over));
    if (!credentials)
        return std::unexpected(google::TokenFailure{.kind = google::TokenFailure::Kind::not_asked,
                                                    .error = credentials.error(),
                                                    .retry_after = {},
                                                    .server_skew = {}});
    auto token = google::token_of(*credentials, wanted, outside, stop);
    // What stands in the file goes on standing there.
    if (token) token->refresh_token.reset();
    return token;
}

Renewal Google::by_own_credentials(const Profile& profile, const Session& session,
                                   const std::stop_token& stop) {
    auto found = google::find_credentials(profile, material_);
    if (!found) return unsent(std::move(found).error(), session);
    if (same_basis(session, found->basis)) use_newer(found->credentials, session);
    const auto before = ports_.clock.now();
    auto token = google::token_of(found->credentials, google::wanted_of(profile),
                                  outside_for(profile), stop);
    if (!token) return google::failed_renewal(std::move(token).error(), session);
    const auto skew = token->server_skew;
    const bool rotated = token->refresh_token.has_value();
    auto renewed = google::with_token(session, *std::move(token), before);
    if (!same_basis(session, found->basis)) {
        renewed.signed_in_at = before.wall;
        // Of another file, or of a sign-in that the profile has no more.
        if (!rotated) renewed.refresh_token.reset();
    }
    renewed.unattended = true;
    renewed.facts.insert_or_assign(basis_fact, found->basis);
    google::note_credentials(renewed, found->credentials);
    return {.outcome = Renewed{std::move(renewed)}, .server_skew = skew};
}

Renewal Google::renew(const Profile& profile, const Session& session, std::stop_token stop) {
    const bool holds = holds_secret(session);
    if (!holds && google::signs_in(profile))
        return {.outcome = GrantInvalid{Error{Remedy::sign_in,
                                              "the session has no refresh token to renew it with",
                                              "sign in again"}},
                .server_skew = {}};
    if (!holds) return by_own_credentials(profile, session, stop);
    if (auto meant = check_still_meant(profile); !meant)
        return unsent(std::move(meant).error(), session);
    const auto before = ports_.clock.now();
    auto token = of_session(profile, session, stop);
    if (!token) return google::failed_renewal(std::move(token).error(), session);
    const auto skew = token->server_skew;
    return {.outcome = Renewed{google::with_token(session, *std::move(token), before)},
            .server_skew = skew};
}

google::TokenResult Google::with_base(const Base& base, const Profile& profile,
                                      const std::stop_token& stop) const {
    const auto outside = outside_for(profile);
    const auto wanted = google::wanted_of(profile);
    if (base.profile->provider == "google")
        return google::impersonated_token(google::impersonation_of(*profile.google),
                                          base.credential->token(), wanted, outside, stop);
    if (const auto* const keys = base.credential->aws_keys())
        return google::exchanged_aws_token(pool_of(profile, aws_type), *keys, keys->region, wanted,
                                           outside, stop);
    return google::exchanged_token(pool_of(profile, jwt_type), base.credential->token(), wanted,
                                   outside, stop);
}

Renewal Google::renew_with(const Base& base, const Profile& profile, const Session& session,
                           std::stop_token stop) {
    const auto settings = google::check_base(*base.profile, profile);
    if (!settings) return unsent(settings.error(), session);
    if (holds_secret(session)) {
        if (auto meant = check_still_meant(profile); !meant)
            return unsent(std::move(meant).error(), session);
    }
    const auto before = ports_.clock.now();
    auto token = with_base(base, profile, stop);
    if (!token) return google::failed_renewal(std::move(token).error(), session);
    const auto skew = token->server_skew;
    auto renewed = google::with_token(session, *std::move(token), before);
    if (!session.unattended) renewed.signed_in_at = before.wall;
    renewed.unattended = true;
    renewed.facts.insert_or_assign(basis_fact, google::basis_of_wish(profile));
    renewed.account.email = profile.google->impersonate;
    return {.outcome = Renewed{std::move(renewed)}, .server_skew = skew};
}

Result<> Google::revoke(const Profile& /*profile*/, const Session& session, std::stop_token stop) {
    if (!google::is_person(session) || session.revocation_endpoint.empty()) return {};
    return oauth::revoke(ports_.http, session.revocation_endpoint, client_of(session),
                         &*session.refresh_token, session.access_token, stop);
}

Result<std::vector<Fact>> Google::whoami(const Profile& profile, const Session& session,
                                         std::stop_token stop) {
    auto facts = google::facts_of(session);
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) facts.push_back({std::string(name), value});
    };
    add("quota project", google::quota_project_of(profile, session));
    // Google's token information knows neither JWTs nor the tokens of pools.
    if (const auto wanted = google::wanted_of(profile);
        google::is_of_pool(profile, session) || wanted.own_jwt || !wanted.jwt_audience.empty() ||
        !wanted.id_token_audience.empty())
        return facts;
    const auto info = HEARTH_TRY(google::ask_token_info(
        ports_.http, profile.google->tokeninfo_endpoint, session.access_token, stop));
    if (session.account.label() != info.email) add("email", info.email);
    add("subject", info.subject);
    add("client", info.audience);
    add("scopes", info.scope);
    return facts;
}

CredentialPtr Google::credential(const Profile& profile, const Session& session) const {
    Credential::Parts parts{.kind = Credential::Kind::bearer,
                            .token = session.access_token.clone(),
                            .profile = profile.name.text(),
                            .version = session.version,
                            .expires_at = expiry_of(session)};
    if (auto project = google::quota_project_of(profile, session); !project.empty())
        parts.headers.push_back({.name = "x-goog-user-project", .value = std::move(project)});
    return std::make_shared<const Credential>(std::move(parts));
}

}  // namespace hearth::providers
