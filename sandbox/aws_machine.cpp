// The two places where a machine finds credentials without being told any: the container's
// endpoint, and the instance's metadata.
#include <fmt/format.h>

#include <charconv>

#include "sandbox/aws_answers.hpp"
#include "sandbox/aws_endpoints.hpp"
#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

constexpr seconds machine_lifetime{6 * 3600};
constexpr std::int64_t longest_token = 21'600;
constexpr std::string_view ttl_header = "x-aws-ec2-metadata-token-ttl-seconds";
constexpr std::string_view token_header = "x-aws-ec2-metadata-token";
constexpr std::string_view role_name = "instance";
constexpr std::string_view roles_path = "/latest/meta-data/iam/security-credentials";

// The same keys to everybody who asks, until half of their life is over.
const AwsKey& keys_for(Exchange& exchange, std::string_view role) {
    Aws& aws = exchange.state.aws;
    const std::string name(role);
    const AwsKey*& key = aws.machine_keys[name];
    Instant& due = aws.machine_keys_due[name];
    if (key == nullptr || exchange.now >= due || exchange.now >= key->expires_at) {
        const auto lifetime = aws.lifetime(machine_lifetime);
        key = &aws.keys.issue(role_session(std::string(aws_account), name, "i-0sandbox"), lifetime,
                              exchange.now);
        due = exchange.now + milliseconds(lifetime) / 2;
    }
    return *key;
}

Response plain_text(int status, std::string text) {
    Response response{.status = status, .headers = {}, .body = std::move(text), .pieces = {}};
    response.with("Content-Type", "text/plain").with("Cache-Control", "no-store");
    return response;
}

Response refused(Exchange& exchange, int status, std::string_view why) {
    exchange.aws.outcome = std::to_string(status);
    exchange.aws.detail = why;
    return plain_text(status, std::string(why) + '\n');
}

Response role_credentials(Exchange& exchange) {
    const AwsKey& key = keys_for(exchange, role_name);
    return json_response(200, {{"Code", "Success"},
                               {"LastUpdated", to_iso8601(exchange.now)},
                               {"Type", "AWS-HMAC"},
                               {"AccessKeyId", key.id},
                               {"SecretAccessKey", key.secret},
                               {"Token", key.token},
                               {"Expiration", to_iso8601(key.expires_at)}});
}

Response identity_document() {
    return json_response(200, {{"accountId", aws_account},
                               {"region", aws_region},
                               {"availabilityZone", std::string(aws_region) + 'a'},
                               {"instanceId", "i-0sandbox"}});
}

bool may_read(const Exchange& exchange) {
    const Aws& aws = exchange.state.aws;
    const auto shown = exchange.request.header(token_header);
    if (shown.empty()) return aws.rules.machine_without_tokens;
    const auto token = aws.machine_tokens.find(shown);
    return token != aws.machine_tokens.end() && exchange.now < token->second;
}

}  // namespace

Response container_endpoint(Exchange& exchange) {
    if (!same_text(exchange.request.header("Authorization"), exchange.state.aws.container_token))
        return aws_refusal(exchange, {401, "Unauthorized", "The authorization token is wrong"});
    const AwsKey& key = keys_for(exchange, "container");
    exchange.aws.principal = key.principal.arn;
    return json_response(
        200,
        {{"AccessKeyId", key.id},
         {"SecretAccessKey", key.secret},
         {"Token", key.token},
         {"Expiration", to_iso8601(key.expires_at)},
         {"AccountId", key.principal.account},
         {"RoleArn", fmt::format("arn:aws:iam::{}:role/{}", aws_account, key.principal.role)}});
}

// A request that came through a proxy is somebody else's.
Response machine_token_endpoint(Exchange& exchange) {
    if (!exchange.request.header("X-Forwarded-For").empty())
        return refused(exchange, 400, "the request was forwarded");
    const auto text = exchange.request.header(ttl_header);
    std::int64_t ttl = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ttl);
    if (error != std::errc{} || end != text.data() + text.size() || ttl < 1 || ttl > longest_token)
        return refused(exchange, 400, "the time to live must be 1 to 21600 seconds");
    const auto token = "sandbox_metadata_" + random_token(40);
    exchange.state.aws.machine_tokens[token] = exchange.now + seconds(ttl);
    return plain_text(200, token).with(ttl_header, std::to_string(ttl));
}

Response machine_data_endpoint(Exchange& exchange) {
    std::string_view path = exchange.request.path;
    if (!may_read(exchange)) return refused(exchange, 401, "the token is missing or has expired");
    if (path == fmt::format("{}/{}", roles_path, role_name)) return role_credentials(exchange);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path == roles_path) return plain_text(200, std::string(role_name));
    if (path == "/latest/meta-data/placement/region")
        return plain_text(200, std::string(aws_region));
    if (path == "/latest/meta-data/placement/availability-zone")
        return plain_text(200, std::string(aws_region) + 'a');
    if (path == "/latest/dynamic/instance-identity/document") return identity_document();
    return refused(exchange, 404, "there is nothing here");
}

}  // namespace hearth::sandbox
