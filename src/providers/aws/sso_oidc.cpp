#include "providers/aws/sso_oidc.hpp"

#include <utility>
#include <vector>

#include "core/try.hpp"
#include "json/object_writer.hpp"
#include "oauth/endpoint.hpp"
#include "providers/aws/sso_exchange.hpp"

namespace hearth::providers::aws {
namespace {

constexpr const char* code_type = "authorization_code";
constexpr const char* device_type = "urn:ietf:params:oauth:grant-type:device_code";
constexpr const char* refresh_type = "refresh_token";

Error not_done(const HttpResponse& response, const std::string& url, std::string_view what,
               const std::vector<Secret>& secrets) {
    const auto refusal = SsoRefusal::read(response, secrets);
    auto error = sso_error(response, refusal, url, what,
                           refusal.next_step.empty() ? Remedy::failed : Remedy::usage);
    error.hint = refusal.next_step;
    return error;
}

Result<json::Document> ask(Http& http, HttpRequest request, std::string_view what,
                           const std::vector<Secret>& secrets, const std::stop_token& stop) {
    const auto url = request.url;
    HEARTH_CHECK(oauth::endpoint(what, url));
    const auto response = http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    if (response->status != 200) return std::unexpected(not_done(*response, url, what, secrets));
    auto body = json::Document::parse(response->body.reveal());
    if (body) return body;
    return std::unexpected(
        Error{Remedy::failed, std::string(what) + " did not answer with a JSON object", ""});
}

}  // namespace

Result<SsoClient> register_sso_client(Http& http, const std::string& url,
                                      const SsoRegistration& registration,
                                      const std::stop_token& stop) {
    const bool device = registration.redirect_uri.empty();
    json::ObjectWriter body;
    body.text("clientName", "hearth")
        .text("clientType", "public")
        .texts("grantTypes", {device ? device_type : code_type, refresh_type})
        .texts("scopes", registration.scopes.values());
    if (!device)
        body.texts("redirectUris", {registration.redirect_uri})
            .text("issuerUrl", registration.start_url);
    const auto answer = HEARTH_TRY(ask(http, sso_post(url + "/client/register", body.take()),
                                       "the registration endpoint", {}, stop));
    auto secret = answer.secret("clientSecret");
    SsoClient client{.id = answer.text("clientId"),
                     .secret = secret ? *std::move(secret) : Secret(),
                     .expires_at = {}};
    if (client.id.empty() || client.secret.empty())
        return std::unexpected(
            Error{Remedy::failed, "the registration endpoint answered without a client", ""});
    // RFC 7591 section 3.2.1: zero is never.
    if (const auto expires_at = answer.seconds("clientSecretExpiresAt");
        expires_at && expires_at->count() > 0)
        client.expires_at = Instant(*expires_at);
    return client;
}

Result<oauth::DeviceAuthorization> begin_sso_device(Http& http, const std::string& url,
                                                    const SsoClient& client,
                                                    const std::string& start_url,
                                                    const std::stop_token& stop) {
    json::ObjectWriter body;
    body.text("clientId", client.id)
        .text("clientSecret", client.secret.reveal())
        .text("startUrl", start_url);
    std::vector<Secret> secrets;
    secrets.push_back(client.secret.clone());
    const auto answer = HEARTH_TRY(ask(http, sso_post(url + "/device_authorization", body.take()),
                                       "the device authorization endpoint", secrets, stop));
    auto code = answer.secret("deviceCode");
    return oauth::fit_to_show(
        {.device_code = code ? *std::move(code) : Secret(),
         .user_code = answer.text("userCode"),
         .verification_uri = answer.text("verificationUri"),
         .verification_uri_complete = answer.text("verificationUriComplete"),
         .expires_in = answer.seconds("expiresIn").value_or(std::chrono::minutes(10)),
         .interval = answer.seconds("interval").value_or(std::chrono::seconds(5))});
}

}  // namespace hearth::providers::aws
