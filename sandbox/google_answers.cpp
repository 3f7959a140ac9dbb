#include "sandbox/google_answers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/account.hpp"
#include "sandbox/aws_signature.hpp"
#include "sandbox/google_assertion.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view told_to_fail = "the sandbox was told to fail";
constexpr std::string_view metadata_path = "/computeMetadata";
constexpr std::string_view wants_a_token =
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project.";

Response render(const GrantError& error) {
    object body{{"error", error.code}, {"error_description", error.description}};
    if (!error.subtype.empty()) body["error_subtype"] = error.subtype;
    return json_response(error.status, body);
}

Response render(const GoogleError& error) {
    object told{{"code", error.status}, {"message", error.message}, {"status", error.name}};
    if (!error.reason.empty()) {
        // Not by a list in braces: compilers differ in whether one in another is a list of lists.
        auto& details = told["details"].emplace_array();
        details.push_back(object{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                                 {"reason", error.reason},
                                 {"domain", "googleapis.com"}});
    }
    auto response = json_response(error.status, {{"error", std::move(told)}});
    constexpr std::string_view realm = "Bearer realm=\"https://accounts.google.com/\"";
    if (error.status == 401)
        response.with("WWW-Authenticate", fmt::format("{}, error=\"invalid_token\"", realm));
    if (error.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
        response.with("WWW-Authenticate",
                      fmt::format("{}, error=\"insufficient_scope\", scope=\"{}\"", realm,
                                  google_cloud_scope));
    return response;
}

// The services that speak RFC 6749's language.
bool grants_tokens(std::string_view path) {
    return path.starts_with("/google/") && !path.contains("/serviceAccounts/");
}

std::string status_name(int status) {
    if (status == 401) return "UNAUTHENTICATED";
    if (status == 403) return "PERMISSION_DENIED";
    if (status == 404) return "NOT_FOUND";
    if (status == 429) return "RESOURCE_EXHAUSTED";
    if (status == 503) return "UNAVAILABLE";
    if (status == 504) return "DEADLINE_EXCEEDED";
    return status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
}

std::unexpected<GoogleError> unauthenticated(std::string reason) {
    return google_error(
        401, "UNAUTHENTICATED",
        fmt::format("Request had invalid authentication credentials. {}", wants_a_token),
        std::move(reason));
}

// A sign-in at `/authorize`, which Google would have issued as well.
std::optional<GoogleCaller> signed_in(const Exchange& exchange, std::string_view token) {
    const Grants& grants = exchange.state.grants;
    const AccessToken* found = grants.usable(token, exchange.now);
    if (found == nullptr) return std::nullopt;
    return GoogleCaller{
        .principal = account_of(grants.family(found->family)->permission.user).email,
        .scopes = found->scopes};
}

GoogleOutcome<GoogleCaller> bearer_of(Exchange& exchange, std::string_view service) {
    const auto token = exchange.request.bearer();
    if (token.empty() || authorized_twice(exchange.request))
        return google_error(
            401, "UNAUTHENTICATED",
            fmt::format("Request is missing required authentication credential. {}", wants_a_token),
            "CREDENTIALS_MISSING");
    Google& google = exchange.state.google;
    if (const auto* known = google.usable(token, exchange.now);
        known != nullptr && google.exists(known->principal))
        return GoogleCaller{.principal = known->principal, .scopes = known->scopes};
    if (google.tokens.contains(token)) return unauthenticated("ACCESS_TOKEN_EXPIRED");
    if (auto person = signed_in(exchange, token)) return *std::move(person);
    if (std::ranges::count(token, '.') != 2)
        return unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED");
    auto own = own_jwt(exchange.state, token, service, exchange.now);
    if (own) return *std::move(own);
    exchange.google.detail = own.error().description;
    return unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED");
}

}  // namespace

bool google_metadata_path(std::string_view path) {
    return path == metadata_path || path.starts_with("/computeMetadata/");
}

bool google_path(std::string_view path) {
    return path.starts_with("/google/") || path.starts_with("/v1/projects/") ||
           google_metadata_path(path);
}

Response& flavored(Response& response) { return response.with("Metadata-Flavor", "Google"); }

Response grant_refusal(Exchange& exchange, const GrantError& error) {
    exchange.google.outcome = error.subtype.empty() ? error.code : error.subtype;
    exchange.google.detail = error.description;
    return render(error);
}

Response google_refusal(Exchange& exchange, const GoogleError& error) {
    exchange.google.outcome = error.reason.empty() ? error.name : error.reason;
    if (exchange.google.detail.empty()) exchange.google.detail = error.message;
    return render(error);
}

Response google_failure(const Request& request, int status) {
    if (google_metadata_path(request.path)) {
        auto response = empty_response(status);
        response.with("Content-Type", "text/html").body = told_to_fail;
        return response;
    }
    if (!grants_tokens(request.path))
        return render(GoogleError{status, status_name(status), std::string(told_to_fail)});
    if (status == 429)
        return render(GrantError{"rate_limit_exceeded", std::string(told_to_fail), status});
    return render(GrantError{status == 503 ? "temporarily_unavailable" : "internal_failure",
                             std::string(told_to_fail), status});
}

Response google_denial(const Request& request) {
    if (google_metadata_path(request.path)) return google_failure(request, 404);
    if (grants_tokens(request.path))
        return render(GrantError{"invalid_grant", "Token has been expired or revoked."});
    return render(unauthenticated("ACCESS_TOKEN_EXPIRED").error());
}

GoogleOutcome<GoogleCaller> google_caller(Exchange& exchange, std::string_view service,
                                          const std::vector<std::string_view>& scopes) {
    auto caller = bearer_of(exchange, service);
    if (!caller) return caller;
    exchange.google.principal = caller->principal;
    exchange.google.quota_project = exchange.request.header("X-Goog-User-Project");
    const auto& disabled = exchange.state.google.rules.disabled_services;
    if (holds(disabled, fmt::format("{}.googleapis.com", service)))
        return google_error(
            403, "PERMISSION_DENIED",
            fmt::format("{}.googleapis.com has not been used in project {} before or it is "
                        "disabled. Enable it, then retry.",
                        service, google_project_number),
            "SERVICE_DISABLED");
    if (!std::ranges::any_of(scopes, [&](auto scope) { return holds(caller->scopes, scope); }))
        return google_error(403, "PERMISSION_DENIED",
                            "Request had insufficient authentication scopes.",
                            "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    return caller;
}

}  // namespace hearth::sandbox
