#include "providers/aws/sts.hpp"

#include <array>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "core/url.hpp"
#include "oauth/form.hpp"
#include "oauth/token_reply.hpp"
#include "providers/aws/sts_failure.hpp"
#include "providers/aws/xml_reply.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;

constexpr const char* form_type = "application/x-www-form-urlencoded; charset=utf-8";
constexpr std::string_view version = "2011-06-15";
constexpr Span patience = 10s;

oauth::Form form_of(std::string_view action) {
    oauth::Form form;
    form.add("Action", action).add("Version", version);
    return form;
}

struct Call {
    std::string_view action;
    StsPlace place;
    oauth::Form form;
    const StaticKeys* caller = nullptr;  // Null: not signed.
};

std::unexpected<KeysFailure> refused(Error error) {
    return std::unexpected(KeysFailure{
        .kind = KeysFailure::Kind::refused, .error = std::move(error), .retry_after = {}});
}

std::vector<Secret> secrets_of(const Call& call) {
    std::vector<Secret> secrets;
    for (const auto& one : call.form.secrets()) secrets.push_back(one.clone());
    if (call.caller == nullptr) return secrets;
    secrets.push_back(call.caller->secret_access_key.clone());
    if (!call.caller->session_token.empty()) secrets.push_back(call.caller->session_token.clone());
    return secrets;
}

Result<HttpRequest> request_of(const Call& call, const sigv4::Signer& signer, Instant at) {
    HttpRequest request{.method = "POST",
                        .url = call.place.url,
                        .headers = {{"content-type", form_type}},
                        .body = call.form.body(),
                        .timeout = patience};
    if (call.caller == nullptr) return request;
    const auto url = HEARTH_TRY(Url::parse(call.place.url));
    const auto origin = url.origin();
    const std::string_view path(url.target());
    const std::array<sigv4::HeaderView, 1> headers{{{"content-type", form_type}}};
    const auto token = call.caller->session_token.reveal();
    const auto made =
        HEARTH_TRY(signer.sign({.method = "POST",
                                .host = std::string_view(origin).substr(origin.find("://") + 3),
                                .path = path.substr(0, path.find('?')),
                                .query = {},
                                .headers = headers,
                                .body = request.body.reveal(),
                                .payload_hash = {}},
                               {.id = call.caller->access_key_id,
                                .secret = call.caller->secret_access_key.reveal(),
                                .session_token = token},
                               {.name = "sts", .region = call.place.region},
                               std::chrono::floor<std::chrono::seconds>(at)));
    request.headers.push_back({"x-amz-date", std::string(made.date.view())});
    if (!token.empty()) request.headers.push_back({"x-amz-security-token", std::string(token)});
    request.headers.push_back({"authorization", made.authorization});
    return request;
}

struct Answer {
    XmlReply reply;
    std::optional<Span> server_skew;
};

std::expected<Answer, KeysFailure> make(const Call& call, Http& http, const Clock& clock,
                                        const sigv4::Signer& signer, const std::stop_token& stop) {
    Span correction{};
    for (bool again = false;; again = true) {
        const auto before = clock.now().wall;
        auto request = request_of(call, signer, before + correction);
        if (!request) return refused(std::move(request).error());
        const auto response = http.send(*std::move(request), stop);
        if (!response)
            return std::unexpected(KeysFailure{.kind = KeysFailure::Kind::passing,
                                               .error = response.error().error,
                                               .retry_after = {}});
        const auto after = clock.now().wall;
        if (response->status == 200) {
            auto reply = XmlReply::parse(response->body.reveal());
            if (reply)
                return Answer{*std::move(reply), oauth::server_skew(*response, before, after)};
            reply.error().what = call.place.url + ": " + reply.error().what;
            return refused(std::move(reply).error());
        }
        const auto skew = again ? std::nullopt : refused_time(*response, before, after);
        if (!skew)
            return std::unexpected(
                sts_failure(call.action, call.place, *response, secrets_of(call), after));
        correction = *skew;
    }
}

KeysResult role_keys(const Call& call, const Answer& answer) {
    const auto& reply = answer.reply;
    const auto result =
        std::string(call.action) + "Response/" + std::string(call.action) + "Result/";
    const auto credentials = result + "Credentials/";
    const auto* const secret = reply.find(credentials + "SecretAccessKey");
    const auto* const token = reply.find(credentials + "SessionToken");
    auto id = reply.text(credentials + "AccessKeyId");
    const auto expires_at = parse_rfc3339(reply.text(credentials + "Expiration"));
    const bool whole = secret != nullptr && !secret->empty() && token != nullptr &&
                       !token->empty() && !id.empty() && expires_at;
    if (!whole)
        return refused(Error{Remedy::failed,
                             call.place.url + ": the answer to " + std::string(call.action) +
                                 " lacks keys or when they expire",
                             "check endpoint_url"});
    auto arn = reply.text(result + "AssumedRoleUser/Arn");
    Keys keys{.keys = {.access_key_id = std::move(id),
                       .secret_access_key = secret->clone(),
                       .session_token = token->clone(),
                       .account_id = account_in(arn)},
              .expires_at = *expires_at,
              .arn = {},
              .server_skew = answer.server_skew};
    keys.arn = std::move(arn);
    return keys;
}

}  // namespace

KeysResult Sts::assume_role(const AssumeRole& role, std::string_view session_name,
                            std::string_view token_code, const StaticKeys& caller,
                            const std::stop_token& stop) {
    auto place = sts_place(role.sts);
    if (!place) return refused(std::move(place).error());
    auto form = form_of("AssumeRole");
    form.add("RoleArn", role.role_arn).add("RoleSessionName", session_name);
    if (role.duration) form.add("DurationSeconds", std::to_string(role.duration->count()));
    form.add("ExternalId", role.external_id);
    form.add("SerialNumber", role.mfa_serial).add("TokenCode", token_code);
    const Call call{.action = "AssumeRole",
                    .place = *std::move(place),
                    .form = std::move(form),
                    .caller = &caller};
    const auto reply = make(call, http_, clock_, signer_, stop);
    if (!reply) return std::unexpected(reply.error());
    return role_keys(call, *reply);
}

KeysResult Sts::assume_role_with_web_identity(const WebIdentity& role,
                                              std::string_view session_name,
                                              const Secret& identity_token,
                                              const std::stop_token& stop) {
    auto place = sts_place(role.sts);
    if (!place) return refused(std::move(place).error());
    auto form = form_of("AssumeRoleWithWebIdentity");
    form.add("RoleArn", role.role_arn).add("RoleSessionName", session_name);
    form.add("WebIdentityToken", identity_token);
    const Call call{.action = "AssumeRoleWithWebIdentity",
                    .place = *std::move(place),
                    .form = std::move(form),
                    .caller = nullptr};
    const auto reply = make(call, http_, clock_, signer_, stop);
    if (!reply) return std::unexpected(reply.error());
    return role_keys(call, *reply);
}

std::expected<CallerIdentity, KeysFailure> Sts::caller_identity(const ServiceSettings& settings,
                                                                const StaticKeys& caller,
                                                                const std::stop_token& stop) {
    auto place = sts_place(settings);
    if (!place) return refused(std::move(place).error());
    const Call call{.action = "GetCallerIdentity",
                    .place = *std::move(place),
                    .form = form_of("GetCallerIdentity"),
                    .caller = &caller};
    const auto reply = make(call, http_, clock_, signer_, stop);
    if (!reply) return std::unexpected(reply.error());
    const std::string result = "GetCallerIdentityResponse/GetCallerIdentityResult/";
    CallerIdentity identity{.user_id = reply->reply.text(result + "UserId"),
                            .account = reply->reply.text(result + "Account"),
                            .arn = reply->reply.text(result + "Arn")};
    if (!identity.arn.empty()) return identity;
    return refused(Error{Remedy::failed, call.place.url + ": the answer names nobody", ""});
}

std::expected<Secret, KeysFailure> Sts::web_identity_token(const ServiceSettings& settings,
                                                           const std::string& audience,
                                                           const StaticKeys& caller,
                                                           const std::stop_token& stop) {
    auto place = sts_place(settings);
    if (!place) return refused(std::move(place).error());
    auto form = form_of("GetWebIdentityToken");
    form.add("Audience.member.1", audience);
    form.add("DurationSeconds", "300").add("SigningAlgorithm", "RS256");
    const Call call{.action = "GetWebIdentityToken",
                    .place = *std::move(place),
                    .form = std::move(form),
                    .caller = &caller};
    const auto answer = make(call, http_, clock_, signer_, stop);
    if (!answer) return std::unexpected(answer.error());
    const auto* const token = answer->reply.find(
        "GetWebIdentityTokenResponse/GetWebIdentityTokenResult/WebIdentityToken");
    if (token != nullptr && !token->empty()) return token->clone();
    return refused(Error{Remedy::failed, call.place.url + ": the answer has no token", ""});
}

}  // namespace hearth::providers::aws
