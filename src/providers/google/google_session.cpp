#include "providers/google/google_session.hpp"

#include <array>
#include <utility>

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;

constexpr const char* type_fact = "type";
constexpr const char* place_fact = "place";
constexpr const char* quota_fact = "quota_project";
constexpr const char* project_fact = "project";
constexpr const char* held_fact = "held";
constexpr const char* external_type = "external_account_authorized_user";
// A setting or a file may be mended at any moment, and looking costs nothing.
constexpr Span own_pause = 2s;
// What a service refused it refuses again for a while.
constexpr Span refusal_pause = 1min;

std::string fact(const Session& session, std::string_view name) {
    const auto found = session.facts.find(std::string(name));
    return found == session.facts.end() ? std::string() : found->second;
}

void note(Session& session, const char* name, const std::string& value) {
    if (value.empty()) {
        session.facts.erase(name);
    } else {
        session.facts.insert_or_assign(name, value);
    }
}

std::string account_of(const Credentials& credentials) {
    if (const auto* const own = std::get_if<ServiceAccount>(&credentials.kind))
        return own->client_email;
    if (const auto* const user = std::get_if<AuthorizedUser>(&credentials.kind))
        return user->account;
    if (const auto* const gdch = std::get_if<GdchServiceAccount>(&credentials.kind))
        return gdch->name;
    return {};
}

Session person_session(const AuthorizedUser& user) {
    Session session;
    session.client_id = user.client_id;
    session.client_secret = user.client_secret.clone();
    session.client_auth = "client_secret_post";
    session.token_endpoint = user.token_uri;
    session.refresh_token = user.refresh_token.clone();
    session.account.email = user.account;
    return session;
}

Session person_session(const ExternalAccountAuthorizedUser& user) {
    Session session;
    session.client_id = user.client_id;
    session.client_secret = user.client_secret.clone();
    session.client_auth = "client_secret_basic";
    session.token_endpoint = user.token_url;
    session.revocation_endpoint = user.revoke_url;
    session.refresh_token = user.refresh_token.clone();
    return session;
}

}  // namespace

Session with_token(const Session& session, Token token, const Moment& before) {
    auto renewed = session.clone();
    renewed.provider = "google";
    renewed.kind = Credential::Kind::bearer;
    renewed.access_token = std::move(token.value);
    renewed.lifespan = Lifespan{.issued = before, .lifetime = token.lifetime};
    if (token.refresh_token) renewed.refresh_token = std::move(token.refresh_token);
    return renewed;
}

void note_credentials(Session& session, const Credentials& credentials) {
    note(session, type_fact, std::string(type_of(credentials)));
    note(session, place_fact, credentials.place);
    note(session, quota_fact, credentials.quota_project_id);
    note(session, project_fact, credentials.project_id);
    session.account.email = account_of(credentials);
}

std::vector<Fact> facts_of(const Session& session) {
    std::vector<Fact> facts;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) facts.push_back({std::string(name), value});
    };
    add("account", session.account.label());
    add("credential", fact(session, type_fact));
    add("from", fact(session, place_fact));
    add("project", fact(session, project_fact));
    return facts;
}

Result<Session> held_session(std::string_view text, const Credentials& credentials,
                             const Moment& now) {
    Session session;
    if (const auto* const user = std::get_if<AuthorizedUser>(&credentials.kind)) {
        session = person_session(*user);
    } else if (const auto* const person =
                   std::get_if<ExternalAccountAuthorizedUser>(&credentials.kind)) {
        session = person_session(*person);
    } else if (std::holds_alternative<ExternalAccount>(credentials.kind)) {
        return std::unexpected(Error{Remedy::usage,
                                     "a file of type external_account holds no secret to keep",
                                     "name it by credentials_file"});
    } else {
        session.refresh_token = Secret(text);
        session.facts.emplace(held_fact, type_of(credentials));
    }
    session.provider = "google";
    session.signed_in_at = now.wall;
    note_credentials(session, credentials);
    session.facts.erase(place_fact);
    return session;
}

std::string_view held_file(const Session& session) noexcept {
    if (!session.refresh_token || !session.facts.contains(held_fact)) return {};
    return session.refresh_token->reveal();
}

bool is_person(const Session& session) noexcept {
    return session.refresh_token && !session.unattended && held_file(session).empty();
}

bool is_external_person(const Session& session) noexcept {
    const auto found = session.facts.find(type_fact);
    return is_person(session) && found != session.facts.end() && found->second == external_type;
}

bool is_of_pool(const Profile& profile, const Session& session) noexcept {
    if (!profile.google->impersonate.empty()) return false;
    const auto found = session.facts.find(type_fact);
    const bool by_file = found != session.facts.end() && found->second.starts_with("external_");
    return by_file || !profile.google->workload_audience.empty();
}

AuthorizedUser user_of(const Session& session) {
    AuthorizedUser user;
    user.client_id = session.client_id;
    if (session.client_secret) user.client_secret = session.client_secret->clone();
    user.refresh_token = session.refresh_token->clone();
    user.token_uri = session.token_endpoint;
    return user;
}

ExternalAccountAuthorizedUser external_user_of(const Session& session) {
    ExternalAccountAuthorizedUser user;
    user.client_id = session.client_id;
    if (session.client_secret) user.client_secret = session.client_secret->clone();
    user.refresh_token = session.refresh_token->clone();
    user.token_url = session.token_endpoint;
    return user;
}

std::string quota_project_of(const Profile& profile, const Session& session) {
    if (!profile.google->quota_project.empty()) return profile.google->quota_project;
    return fact(session, quota_fact);
}

Renewal failed_renewal(TokenFailure failure, const Session& session) {
    const auto skew = failure.server_skew;
    const auto with = [&](auto outcome) {
        return Renewal{.outcome = std::move(outcome), .server_skew = skew};
    };
    // What is read from a file is not the session's to give up.
    const bool own = session.refresh_token && !session.unattended;
    if (own && failure.kind == Kind::grant_invalid)
        return with(GrantInvalid{std::move(failure.error)});
    if (own && failure.kind == Kind::answer_lost) return with(AnswerLost{std::move(failure.error)});
    NotRenewed outcome{.error = std::move(failure.error), .worth_retrying = true};
    switch (failure.kind) {
        case Kind::passing:
        case Kind::answer_lost:
            outcome.retry_after = failure.retry_after;
            break;
        case Kind::needs_program:
        case Kind::not_asked:
            outcome.look_again = own_pause;
            outcome.ours = true;
            break;
        case Kind::grant_invalid:
        case Kind::refused:
            outcome.worth_retrying = false;
            outcome.look_again = refusal_pause;
            break;
    }
    return with(std::move(outcome));
}

}  // namespace hearth::providers::google
