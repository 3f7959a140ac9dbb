#include <boost/json/parse.hpp>

#include "sandbox/aws_endpoints.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

boost::json::value seconds_or_null(const std::optional<seconds>& span) {
    return span ? boost::json::value(span->count()) : boost::json::value(nullptr);
}

object rules_json(const Aws& aws) {
    return {{"lifetime", seconds_or_null(aws.rules.lifetime)},
            {"registration_lifetime", aws.rules.registration.count()},
            {"clock_offset", aws.rules.clock_offset.count()},
            {"metadata_without_tokens", aws.rules.machine_without_tokens},
            {"mfa_code", aws.mfa.code()},
            {"requests", aws.records_json()}};
}

std::optional<seconds> seconds_in(const object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return seconds(value->get_int64());
}

bool says_yes(const object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

void change(Aws& aws, const object& body, Instant now) {
    auto& rules = aws.rules;
    if (body.contains("lifetime")) rules.lifetime = seconds_in(body, "lifetime");
    rules.registration = seconds_in(body, "registration_lifetime").value_or(rules.registration);
    rules.clock_offset = seconds_in(body, "clock_offset").value_or(rules.clock_offset);
    if (body.contains("metadata_without_tokens"))
        rules.machine_without_tokens = says_yes(body, "metadata_without_tokens");
    if (says_yes(body, "expire")) aws.keys.expire(now + rules.clock_offset);
}

}  // namespace

Response aws_control_endpoint(Exchange& exchange) {
    Aws& aws = exchange.state.aws;
    if (exchange.request.method == "POST") {
        boost::system::error_code error;
        const auto body = boost::json::parse(exchange.request.body, error);
        if (error || !body.is_object())
            return error_response({"invalid_request", "the body is no JSON object"});
        change(aws, body.get_object(), exchange.now);
    }
    return json_response(200, rules_json(aws));
}

object aws_announcement(const State& state) {
    const Aws& aws = state.aws;
    const std::string& origin = state.settings.origin;
    object roles;
    for (const auto& role : aws.roles) roles[role.name] = role.arn();
    return {{"access_key_id", aws.user_key->id},
            {"secret_access_key", aws.user_key->secret},
            {"account", aws_account},
            {"region", aws_region},
            {"roles", std::move(roles)},
            {"external_id", aws_external_id},
            {"mfa_serial", aws.mfa.serial()},
            {"web_identity_audience", aws_web_audience},
            {"sts", origin + "/aws/sts"},
            {"sso_oidc", origin + "/aws/oidc"},
            {"sso_portal", origin + "/aws/portal"},
            {"sso_start_url", origin + "/start"},
            {"container", origin + "/aws/container/credentials"},
            {"container_token", aws.container_token},
            {"metadata", origin + "/"},
            {"bedrock", origin + "/aws/bedrock"},
            {"bedrock_key", aws.bedrock_key},
            {"control", origin + "/_sandbox/aws"}};
}

}  // namespace hearth::sandbox
