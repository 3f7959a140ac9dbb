#include "providers/claude/aws_identity.hpp"

#include <array>
#include <optional>

#include "core/try.hpp"
#include "hearth/sigv4.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"
#include "oauth/form.hpp"

namespace hearth::providers::claude {
namespace {

using namespace std::chrono_literals;

constexpr Span service_patience = 10s;
constexpr Span machine_patience = 2s;

constexpr const char* machine_server = "http://169.254.169.254";
constexpr const char* role_path = "/latest/meta-data/iam/security-credentials/";
constexpr const char* form_type = "application/x-www-form-urlencoded; charset=utf-8";

struct AwsKeys {
    std::string id;
    Secret secret;
    std::optional<Secret> session_token;
};

std::unexpected<Error> failed(std::string what, std::string hint) {
    return std::unexpected(Error{Remedy::failed, std::move(what), std::move(hint)});
}

std::unexpected<Error> no_keys() {
    return failed(
        "AWS is asked for an identity token with keys, and there are none: nobody who asked had "
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and this machine has no role",
        "give the machine a role, or ask from where the variables are set");
}

std::optional<AwsKeys> given_keys(const Profile& profile, IdentityMaterial& material) {
    const auto names = profile.federation->identity.variables();
    auto id = material.variable(profile.name, names.at(0));
    auto secret = material.variable(profile.name, names.at(1));
    if (!id || !secret || id->empty() || secret->empty()) return {};
    auto session_token = material.variable(profile.name, names.at(2));
    if (session_token && session_token->empty()) session_token.reset();
    return AwsKeys{.id = std::string(id->reveal()),
                   .secret = *std::move(secret),
                   .session_token = std::move(session_token)};
}

// Whatever does not answer as the machine's own service does is none.
std::optional<Secret> ask_machine(Http& http, HttpRequest request, const std::stop_token& stop) {
    request.timeout = machine_patience;
    auto response = http.send(std::move(request), stop);
    if (!response || response->status != 200 || response->body.empty()) return {};
    const auto text = response->body.reveal();
    const bool line = text.find_first_of("\r\n") == std::string_view::npos;
    return line || text.starts_with('{') ? std::optional(std::move(response->body)) : std::nullopt;
}

// Version 2 of the instance's metadata service: a token first, so that nothing that can only fetch
// addresses gets the keys.
Result<AwsKeys> machine_keys(const std::string& server, Http& http, const std::stop_token& stop) {
    const auto token = ask_machine(http,
                                   {.method = "PUT",
                                    .url = server + "/latest/api/token",
                                    .headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "60"}},
                                    .body = {}},
                                   stop);
    if (!token) return no_keys();
    const std::vector<Header> headers{{"x-aws-ec2-metadata-token", std::string(token->reveal())}};
    const auto role =
        ask_machine(http, {.url = server + role_path, .headers = headers, .body = {}}, stop);
    if (!role) return no_keys();
    const auto keys = ask_machine(
        http,
        {.url = server + role_path + std::string(role->reveal()), .headers = headers, .body = {}},
        stop);
    const auto document = json::Document::parse(keys ? keys->reveal() : "");
    if (!document) return no_keys();
    auto secret = document->secret("SecretAccessKey");
    if (document->text("AccessKeyId").empty() || !secret) return no_keys();
    return AwsKeys{.id = document->text("AccessKeyId"),
                   .secret = *std::move(secret),
                   .session_token = document->secret("Token")};
}

struct Service {
    std::string region;
    std::string url;      // Of STS, with a slash at the end.
    std::string machine;  // Of the instance's metadata service.
};

Service service_of(const IdentitySource& source) {
    const auto colon = source.what.find(':');
    const auto region = source.what.substr(0, colon);
    if (colon != std::string::npos) {
        auto server = source.what.substr(colon + 1);
        while (server.ends_with('/')) server.pop_back();
        return {.region = region, .url = server + "/", .machine = server};
    }
    // Tokens are issued by the regional addresses alone.
    const std::string suffix = region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return {.region = region,
            .url = "https://sts." + region + "." + suffix + "/",
            .machine = machine_server};
}

Result<HttpRequest> request_to(const Service& service, const std::string& audience,
                               const AwsKeys& keys, const Url& url, Instant now) {
    const auto body = "Action=GetWebIdentityToken&Version=2011-06-15&Audience.member.1=" +
                      oauth::form_encoded(audience) + "&DurationSeconds=300&SigningAlgorithm=RS256";
    const auto origin = url.origin();
    const std::array<sigv4::HeaderView, 1> headers{{{"content-type", form_type}}};
    const std::string_view token = keys.session_token ? keys.session_token->reveal() : "";
    const auto signed_request = HEARTH_TRY(sigv4::Signer().sign(
        {.method = "POST",
         .host = std::string_view(origin).substr(origin.find("://") + 3),
         .path = "/",
         .query = {},
         .headers = headers,
         .body = body,
         .payload_hash = {}},
        {.id = keys.id, .secret = keys.secret.reveal(), .session_token = token},
        {.name = "sts", .region = service.region}, std::chrono::floor<std::chrono::seconds>(now)));
    HttpRequest request{.method = "POST",
                        .url = service.url,
                        .headers = {{"content-type", form_type},
                                    {"x-amz-date", std::string(signed_request.date.view())}},
                        .body = Secret(body),
                        .timeout = service_patience};
    if (!token.empty()) request.headers.push_back({"x-amz-security-token", std::string(token)});
    request.headers.push_back({"authorization", signed_request.authorization});
    return request;
}

// What stands between the tags of that name, which holds no other tag.
std::string_view element(std::string_view document, std::string_view name) {
    const auto open = "<" + std::string(name) + ">";
    const auto from = document.find(open);
    if (from == std::string_view::npos) return {};
    const auto rest = document.substr(from + open.size());
    const auto end = rest.find('<');
    return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

}  // namespace

Result<Assertion> aws_identity(const Profile& profile, IdentityMaterial& material, Http& http,
                               Instant now, const std::stop_token& stop) {
    const auto service = service_of(profile.federation->identity);
    const auto url = HEARTH_TRY(oauth::endpoint("AWS's token service", service.url));
    auto given = given_keys(profile, material);
    const auto keys =
        given ? *std::move(given) : HEARTH_TRY(machine_keys(service.machine, http, stop));
    auto request = HEARTH_TRY(request_to(service, profile.federation->audience, keys, url, now));
    const auto response = http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    const auto body = response->body.reveal();
    if (response->status != 200) {
        std::vector<Secret> secrets;
        secrets.push_back(keys.secret.clone());
        if (keys.session_token) secrets.push_back(keys.session_token->clone());
        auto error = oauth::not_done(*response, service.url, "AWS's token service", secrets);
        const auto code = oauth::quotable(element(body, "Code"), 80, secrets);
        if (!code.empty()) error.what += " (" + code + ")";
        error.hint =
            "the account has to have outbound web identity federation enabled, and these keys the "
            "permission sts:GetWebIdentityToken";
        return std::unexpected(std::move(error));
    }
    return Assertion::parse(element(body, "WebIdentityToken"), "the identity token from AWS");
}

}  // namespace hearth::providers::claude
