#include "providers/google/sts_exchange.hpp"

#include <utility>

#include "json/object_writer.hpp"
#include "oauth/form.hpp"
#include "oauth/token_endpoint.hpp"
#include "providers/google/token_claims.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using Kind = TokenFailure::Kind;

constexpr const char* exchange_grant = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr const char* access_token_type = "urn:ietf:params:oauth:token-type:access_token";

bool is_workforce_pool(std::string_view audience) {
    constexpr std::string_view beginning = "//iam.googleapis.com/locations/";
    if (!audience.starts_with(beginning)) return false;
    audience.remove_prefix(beginning.size());
    const auto slash = audience.find('/');
    return slash != 0 && slash != std::string_view::npos &&
           audience.substr(slash).starts_with("/workforcePools/");
}

oauth::Client client_of(const ExternalAccount& account) {
    if (account.client_id.empty()) return {};
    return {.id = account.client_id,
            .secret = account.client_secret.clone(),
            .auth = oauth::ClientAuth::basic};
}

// A client says by itself whose project counts.
std::string options_of(const ExternalAccount& account) {
    const auto& project = account.workforce_pool_user_project;
    if (project.empty() || !account.client_id.empty() || !is_workforce_pool(account.audience))
        return {};
    json::ObjectWriter options;
    options.text("userProject", project);
    return oauth::form_encoded(options.take().reveal());
}

oauth::Form form_of(const ExternalAccount& account, const Secret& subject_token,
                    const std::vector<std::string>& scopes) {
    std::string scope;
    for (const auto& one : scopes) scope += (scope.empty() ? "" : " ") + one;
    oauth::Form form;
    form.add("grant_type", exchange_grant)
        .add("audience", account.audience)
        .add("scope", scope)
        .add("requested_token_type", access_token_type)
        .add("subject_token", subject_token)
        .add("subject_token_type", account.subject_token_type)
        .add("options", options_of(account));
    return form;
}

std::string next_step(std::string_view code) {
    if (code == "invalid_grant")
        return "compare it with the issuer, the audiences and the keys of the pool's provider";
    if (code == "unauthorized_client")
        return "the provider's attribute condition has to let this subject in";
    if (code == "invalid_target")
        return "check the audience; the pool and its provider have to be there and enabled";
    if (code == "invalid_client") return "check client_id and client_secret of the credential file";
    if (code == "invalid_scope") return "check scopes of the profile";
    if (code == "invalid_request")
        return "check the audience, and that subject_token_type fits the token";
    return "";
}

// What a person compares with the pool's provider.
std::string told_by(const Secret& subject_token, Instant now) {
    const auto claims = claims_in(subject_token.reveal());
    if (!claims) return {};
    const bool late = claims->expires_at && *claims->expires_at < now;
    return "; the subject token says: " + shown(*claims, subject_token) +
           (late ? ", which is past" : "");
}

TokenFailure failure_of(oauth::TokenFailure failure, std::optional<Span> server_skew,
                        const Secret& subject_token, Instant now) {
    TokenFailure made{.kind = Kind::passing,
                      .error = std::move(failure.error),
                      .retry_after = failure.retry_after,
                      .server_skew = server_skew};
    const bool here = failure.kind == oauth::TokenFailure::Kind::not_done && failure.code.empty() &&
                      made.error.remedy != Remedy::unreachable;
    if (here) made.kind = Kind::not_asked;
    // A subject token is not spent by an answer that got lost.
    if (failure.worth_retrying) return made;
    made.kind = failure.code.empty() ? Kind::not_asked : Kind::refused;
    if (failure.code.empty()) return made;
    made.error.remedy = Remedy::failed;
    made.error.hint = next_step(failure.code);
    if (failure.code == "invalid_grant" || failure.code == "unauthorized_client")
        made.error.what += told_by(subject_token, now);
    return made;
}

}  // namespace

TokenResult exchange_subject(const ExternalAccount& account, const Secret& subject_token,
                             const std::vector<std::string>& scopes, const Outside& outside,
                             const std::stop_token& stop) {
    oauth::TokenEndpoint endpoint(outside.http, outside.clock);
    auto answer = endpoint.ask(account.token_url, client_of(account),
                               form_of(account, subject_token, scopes), stop);
    if (!answer.outcome)
        return std::unexpected(failure_of(std::move(answer.outcome).error(), answer.server_skew,
                                          subject_token, outside.clock.now().wall));
    auto& reply = *answer.outcome;
    if (!reply.expires_in)
        return refused(
            {Remedy::failed,
             "Google's token exchange answered without saying how long the token is good",
             "check token_url of the credential file"});
    return Token{.value = std::move(reply.access_token),
                 .lifetime = *reply.expires_in,
                 .refresh_token = std::nullopt,
                 .server_skew = answer.server_skew};
}

}  // namespace hearth::providers::google
