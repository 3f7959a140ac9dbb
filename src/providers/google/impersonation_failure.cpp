#include "providers/google/impersonation_failure.hpp"

#include <utility>

#include "core/url.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/token_reply.hpp"
#include "providers/google/impersonation.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using Kind = TokenFailure::Kind;

// Google's error shape (AIP-193), fit to be shown.
struct Refusal {
    std::string status;  // "PERMISSION_DENIED"
    std::string message;
    std::string reason;  // "SERVICE_DISABLED", where the details tell it.

    [[nodiscard]] std::string shown() const {
        if (status.empty()) return {};
        return " (" + status + (message.empty() ? "" : ": " + message) + ")";
    }
};

Refusal refusal_in(const HttpResponse& response, const std::vector<Secret>& secrets) {
    const auto body = json::Document::parse(response.body.reveal());
    if (!body) return {};
    const auto error = body->object("error");
    const auto word = [&](const json::Document& of, std::string_view name, std::size_t limit) {
        return oauth::quotable(of.text(name), limit, secrets);
    };
    Refusal refusal{
        .status = word(error, "status", 80), .message = word(error, "message", 300), .reason = {}};
    for (const auto& detail : error.objects("details"))
        if (refusal.reason.empty()) refusal.reason = word(detail, "reason", 80);
    return refusal;
}

bool api_is_off(const Refusal& refusal) {
    return refusal.reason == "SERVICE_DISABLED" ||
           refusal.message.contains("has not been used in project") ||
           refusal.message.contains("API has not been enabled");
}

std::string missing_role(const Impersonation& impersonation, const std::string& email) {
    const std::string role = "roles/iam.serviceAccountTokenCreator";
    if (impersonation.delegates.empty())
        return "whoever asks needs the role " + role + " on " + email +
               "; it may take minutes until a role that was given counts";
    return "whoever asks needs the role " + role + " on " + impersonation.delegates.front() +
           ", and each delegate on the next, the last on " + email;
}

std::string next_step(const Refusal& refusal, const Impersonation& impersonation) {
    const auto email = oauth::printable(email_in(impersonation.url), 200);
    if (api_is_off(refusal))
        return "turn the API on where the caller is billed: gcloud services enable "
               "iamcredentials.googleapis.com";
    if (refusal.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
        return std::string("the credential that this is asked with needs the scope ") +
               cloud_platform;
    if (refusal.status == "PERMISSION_DENIED") return missing_role(impersonation, email);
    if (refusal.status == "NOT_FOUND")
        return "there is no service account " + email + ": check its e-mail";
    if (refusal.status == "FAILED_PRECONDITION")
        return "the service account " + email +
               " may be disabled: gcloud iam service-accounts "
               "enable " +
               email;
    if (refusal.status == "UNAUTHENTICATED")
        return "Google does not take the token that this was asked with: sign in anew where it "
               "comes from";
    if (refusal.status == "INVALID_ARGUMENT")
        return "check the scopes, and a lifetime above an hour: it needs the organization policy "
               "iam.allowServiceAccountCredentialLifetimeExtension";
    return "";
}

}  // namespace

TokenFailure impersonation_failure(const Impersonation& impersonation, std::string_view method,
                                   const HttpResponse& response, const std::vector<Secret>& secrets,
                                   Instant now) {
    const auto refusal = refusal_in(response, secrets);
    const auto url = Url::parse(impersonation.url);
    const bool passing = passes(response.status);
    TokenFailure failure{.kind = passing ? Kind::passing : Kind::refused,
                         .error = {},
                         .retry_after = oauth::retry_after(response, now),
                         .server_skew = {}};
    failure.error.remedy = passing ? Remedy::unreachable : Remedy::failed;
    failure.error.what = (url ? url->host() : "the service") + ": " + std::string(method) +
                         " answered " + std::to_string(response.status) + refusal.shown();
    if (!passing) failure.error.hint = next_step(refusal, impersonation);
    return failure;
}

}  // namespace hearth::providers::google
