#include "providers/aws/machine_keys.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/url.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;
using Kind = KeysFailure::Kind;

constexpr Span container_patience = 2s;
constexpr const char* role_path = "/latest/meta-data/iam/security-credentials/";
// Of the token that each look needs, in seconds: long enough for the two requests after it.
constexpr const char* token_lifetime = "60";
constexpr Span enough = 15min;
constexpr Span least_extra = 2min;
constexpr std::chrono::duration<double, std::milli> extra_range = 8min;

std::unexpected<KeysFailure> failed(Kind kind, std::string what, std::string hint) {
    const auto remedy = kind == Kind::passing ? Remedy::unreachable : Remedy::failed;
    return std::unexpected(KeysFailure{
        .kind = kind, .error = {remedy, std::move(what), std::move(hint)}, .retry_after = {}});
}

std::unexpected<KeysFailure> no_answer(HttpFailure failure) {
    return std::unexpected(
        KeysFailure{.kind = Kind::passing, .error = std::move(failure.error), .retry_after = {}});
}

bool busy(int status) { return status >= 500 || status == 429 || status == 408; }

// "code: message" of a refusal, or nothing.
std::string reason_in(const json::Document& body, std::string_view code, std::string_view message,
                      const std::vector<Secret>& secrets) {
    const auto word = oauth::quotable(body.text(code), 80, secrets);
    const auto text = oauth::quotable(body.text(message), 300, secrets);
    if (word.empty()) return {};
    return " (" + word + (text.empty() ? "" : ": " + text) + ")";
}

KeysResult keys_in(const json::Document& body, const std::string& who) {
    auto secret = body.secret("SecretAccessKey");
    auto token = body.secret("Token");
    const auto expires_at = parse_rfc3339(body.text("Expiration"));
    auto id = body.text("AccessKeyId");
    if (id.empty() || !secret || secret->empty() || !token || token->empty() || !expires_at)
        return failed(Kind::refused, who + " answered without keys or without when they expire",
                      "check what serves that address");
    return Keys{.keys = {.access_key_id = std::move(id),
                         .secret_access_key = *std::move(secret),
                         .session_token = *std::move(token),
                         .account_id = body.text("AccountId")},
                .expires_at = *expires_at,
                .arn = body.text("RoleArn")};
}

// One of the service's texts; on the way to it a missing role or a service that is none.
std::expected<Secret, KeysFailure> ask(Http& http, HttpRequest request, const std::string& what,
                                       const std::stop_token& stop) {
    auto response = http.send(std::move(request), stop);
    if (!response) return no_answer(std::move(response).error());
    if (response->status == 200) return std::move(response->body);
    return failed(busy(response->status) ? Kind::passing : Kind::refused,
                  "the instance metadata service answered " + std::to_string(response->status) +
                      " to the question for " + what,
                  response->status == 404 ? "give the instance a role" : "");
}

bool is_line(std::string_view text) {
    return !text.empty() && text.size() < 2048 &&
           text.find_first_of("\r\n\t ") == std::string_view::npos;
}

// By plain http only what never leaves the machine, and the addresses that AWS gives to its own.
Result<Url> container_place(const std::string& url) {
    constexpr std::array<std::string_view, 3> of_aws{"169.254.170.2", "169.254.170.23",
                                                     "fd00:ec2::23"};
    auto place = Url::parse(url);
    if (!place) {
        place.error().what = "the address of the container's credentials is " + place.error().what;
        return place;
    }
    const bool allowed = place->secure() || place->loopback() ||
                         std::ranges::find(of_aws, place->host()) != of_aws.end();
    if (allowed) return place;
    return std::unexpected(
        Error{Remedy::refused,
              "the container's credentials are not asked for by plain http at " + place->host(),
              "use https in AWS_CONTAINER_CREDENTIALS_FULL_URI"});
}

}  // namespace

KeysResult container_keys(const std::string& url, std::string_view authorization, Http& http,
                          const std::stop_token& stop) {
    const auto place = container_place(url);
    if (!place)
        return std::unexpected(
            KeysFailure{.kind = Kind::refused, .error = place.error(), .retry_after = {}});
    HttpRequest request{.url = url,
                        .headers = {{"Accept", "application/json"}},
                        .body = {},
                        .timeout = container_patience};
    std::vector<Secret> secrets;
    if (!authorization.empty()) {
        if (authorization.find_first_of("\r\n") != std::string_view::npos)
            return failed(Kind::refused, "the container's authorization token holds a line end",
                          "write the token and nothing else");
        request.headers.push_back({"Authorization", std::string(authorization)});
        secrets.emplace_back(authorization);
    }
    const auto response = http.send(std::move(request), stop);
    if (!response) return no_answer(response.error());
    const auto who = "the container's credentials endpoint at " + place->origin();
    const auto body = json::Document::parse(response->body.reveal());
    if (response->status != 200)
        return failed(busy(response->status) ? Kind::passing : Kind::refused,
                      who + " answered " + std::to_string(response->status) +
                          (body ? reason_in(*body, "code", "message", secrets) : ""),
                      "");
    if (!body)
        return failed(Kind::refused, who + " did not answer with JSON",
                      "check what serves that address");
    return keys_in(*body, who);
}

KeysResult instance_keys(const InstanceMetadata& service, Http& http, Random& random, Instant now,
                         const std::stop_token& stop) {
    const auto at = [&](std::string method, const std::string& path, Header header) {
        return HttpRequest{.method = std::move(method),
                           .url = service.endpoint + path,
                           .headers = {std::move(header)},
                           .body = {},
                           .timeout = service.timeout};
    };
    const auto token = ask(
        http,
        at("PUT", "/latest/api/token", {"x-aws-ec2-metadata-token-ttl-seconds", token_lifetime}),
        "a token", stop);
    if (!token) return std::unexpected(token.error());
    if (!is_line(token->reveal()))
        return failed(Kind::refused, "what answers as the instance metadata service is another one",
                      "set AWS_EC2_METADATA_DISABLED=true where there is none");
    const Header proof{"x-aws-ec2-metadata-token", std::string(token->reveal())};
    const auto role = ask(http, at("GET", role_path, proof), "the instance's role", stop);
    if (!role) return std::unexpected(role.error());
    if (!is_line(role->reveal()))
        return failed(Kind::refused, "the instance has no role", "give the instance a role");
    const auto answer = ask(http, at("GET", role_path + std::string(role->reveal()), proof),
                            "the role's keys", stop);
    if (!answer) return std::unexpected(answer.error());
    const auto body = json::Document::parse(answer->reveal());
    const std::string who = "the instance metadata service";
    if (!body) return failed(Kind::refused, who + " did not answer with JSON", "");
    if (const auto code = body->text("Code"); !code.empty() && code != "Success")
        return failed(Kind::passing, who + " has no keys" + reason_in(*body, "Code", "Message", {}),
                      "");
    auto keys = keys_in(*body, who);
    if (keys && *keys->expires_at < now + enough) {
        const auto extra = std::chrono::duration_cast<Span>(random.fraction() * extra_range);
        keys->expires_at = now + enough + least_extra + extra;
    }
    return keys;
}

}  // namespace hearth::providers::aws
