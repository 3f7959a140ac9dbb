// The IAM Service Account Credentials API: tokens of service accounts, for who may become them.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sandbox/aws_keys.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/google_answers.hpp"
#include "sandbox/google_assertion.hpp"
#include "sandbox/google_endpoints.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view accounts_path = "/google/v1/projects/-/serviceAccounts/";
constexpr std::string_view delegate_prefix = "projects/-/serviceAccounts/";
constexpr std::string_view iam_scope = "https://www.googleapis.com/auth/iam";
constexpr seconds usual{3600};
constexpr seconds longest_allowed{43200};

std::unexpected<GoogleError> invalid(std::string why) {
    return google_error(400, "INVALID_ARGUMENT", std::move(why));
}

// "3600s".
GoogleOutcome<seconds> lifetime_in(const GoogleRules& rules, const object& body) {
    const auto text = text_in(body, "lifetime");
    if (text.empty()) return usual;
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || std::string_view(end) != "s" || count < 1)
        return invalid(
            "Invalid value at 'lifetime' (type.googleapis.com/google.protobuf.Duration)");
    const auto longest = rules.long_lifetimes ? longest_allowed : usual;
    if (seconds(count) > longest)
        return invalid(
            fmt::format("The access token lifetime cannot exceed {} seconds. Longer ones "
                        "must be enabled by the organization's policy.",
                        longest.count()));
    return seconds(count);
}

// Each must be allowed to become the next: the caller, the delegates in order, the account.
GoogleOutcome<void> check_chain(Google& google, const std::string& caller, const object& body,
                                const std::string& email, std::string_view permission) {
    std::string who = caller;
    auto chain = texts_in(body, "delegates");
    chain.push_back(std::string(delegate_prefix) + email);
    for (const auto& name : chain) {
        if (!name.starts_with(delegate_prefix)) return invalid("Invalid form of a delegate.");
        const auto next = name.substr(delegate_prefix.size());
        if (!google.may_impersonate(who, next))
            return google_error(
                403, "PERMISSION_DENIED",
                fmt::format("Permission '{}' denied on resource (or it may not exist).",
                            permission),
                "IAM_PERMISSION_DENIED");
        who = next;
    }
    return {};
}

GoogleOutcome<Response> access_token(Exchange& exchange, const GoogleAccount& account,
                                     const object& body) {
    Google& google = exchange.state.google;
    const auto scopes = texts_in(body, "scope");
    if (scopes.empty() || !google_scopes(scopes))
        return invalid("Scope cannot be empty, and each must be one of Google's.");
    const auto lifetime = lifetime_in(google.rules, body);
    if (!lifetime) return std::unexpected(lifetime.error());
    // As asked, unless the sandbox was told that tokens live shorter than they usually do.
    const auto most = google.rules.lifetime < usual ? google.rules.lifetime : longest_allowed;
    const auto expires_at = std::chrono::floor<seconds>(exchange.now + std::min(*lifetime, most));
    return json_response(200, {{"accessToken", google.issue({.principal = account.email,
                                                             .client_id = account.unique_id,
                                                             .scopes = scopes,
                                                             .expires_at = expires_at},
                                                            "c.c0")},
                               {"expireTime", to_iso8601(expires_at)}});
}

GoogleOutcome<Response> id_token(Exchange& exchange, const GoogleAccount& account,
                                 const object& body) {
    const auto audience = text_in(body, "audience");
    if (audience.empty()) return invalid("The audience is missing.");
    object claims{{"iss", exchange.state.settings.origin},
                  {"aud", audience},
                  {"azp", account.unique_id},
                  {"sub", account.unique_id},
                  {"iat", to_unix(exchange.now)},
                  {"exp", to_unix(exchange.now + exchange.state.google.rules.lifetime)}};
    if (flag_in(body, "includeEmail")) {
        claims["email"] = account.email;
        claims["email_verified"] = true;
    }
    return json_response(200, {{"token", exchange.state.keys.of(Algorithm::rs256).sign(claims)}});
}

GoogleOutcome<Response> answer(Exchange& exchange) {
    const auto decoded = form_decode(exchange.request.path.substr(accounts_path.size()));
    const std::string_view rest = decoded ? std::string_view(*decoded) : std::string_view();
    const auto colon = std::min(rest.rfind(':'), rest.size());
    const std::string email(rest.substr(0, colon));
    const auto method = rest.substr(std::min(colon + 1, rest.size()));
    const bool identity = method == "generateIdToken";
    if (!identity && method != "generateAccessToken")
        return google_error(404, "NOT_FOUND", "There is no such method.");
    exchange.google.kind = method;
    const auto caller = google_caller(exchange, "iamcredentials", {google_cloud_scope, iam_scope});
    if (!caller) return std::unexpected(caller.error());
    const auto body = object_in(exchange.request.body);
    if (!body) return invalid("Invalid JSON payload received.");
    Google& google = exchange.state.google;
    const auto found = google.accounts.find(email);
    if (found == google.accounts.end() || !found->second.enabled)
        return google_error(404, "NOT_FOUND", "Not found; Gaia id not found for email " + email);
    const auto chained = check_chain(
        google, caller->principal, *body, email,
        identity ? "iam.serviceAccounts.getOpenIdToken" : "iam.serviceAccounts.getAccessToken");
    if (!chained) return std::unexpected(chained.error());
    return identity ? id_token(exchange, found->second, *body)
                    : access_token(exchange, found->second, *body);
}

}  // namespace

Response google_impersonation_endpoint(Exchange& exchange) {
    auto answered = answer(exchange);
    return answered ? *std::move(answered) : google_refusal(exchange, answered.error());
}

}  // namespace hearth::sandbox
