#include "sandbox/aws_answers.hpp"

#include <fmt/format.h>

#include "sandbox/aws_signature.hpp"
#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

constexpr std::string_view sts_path = "/aws/sts";
constexpr std::string_view oidc_path = "/aws/oidc/";
constexpr std::string_view machine_path = "/latest/";
constexpr std::string_view told_to_fail = "the sandbox was told to fail";

bool speaks_xml(const Request& request) { return request.path.starts_with(sts_path); }

Response xml_response(int status, std::string body) {
    Response response{.status = status, .headers = {}, .body = std::move(body), .pieces = {}};
    response.with("Content-Type", "text/xml").with("Cache-Control", "no-store");
    return response;
}

Response xml_error(const AwsError& error, const std::string& request_id) {
    return xml_response(
        error.status,
        fmt::format("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
                    "  <Error>\n    <Type>{}</Type>\n    <Code>{}</Code>\n    "
                    "<Message>{}</Message>\n  </Error>\n"
                    "  <RequestId>{}</RequestId>\n</ErrorResponse>\n",
                    error.status < 500 ? "Sender" : "Receiver", escape_html(error.code),
                    escape_html(error.message), request_id));
}

// The names that SSO OIDC has for an exception beside its own.
std::string oauth_name(const std::string& exception) {
    if (exception == "InternalServerException") return "server_error";
    constexpr std::string_view suffix = "Exception";
    std::string name;
    for (const char letter : exception.substr(0, exception.size() - suffix.size())) {
        const bool capital = letter >= 'A' && letter <= 'Z';
        if (capital && !name.empty()) name += '_';
        name += capital ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return name;
}

Response render(const Request& request, const AwsError& error) {
    const auto request_id = uuid_of(random_token(16));
    if (speaks_xml(request))
        return xml_error(error, request_id).with("x-amzn-RequestId", request_id);
    boost::json::object body{{"message", error.message}};
    if (request.path.starts_with(oidc_path))
        body = {{"error", oauth_name(error.code)}, {"error_description", error.message}};
    if (request.path.starts_with("/aws/container/")) body["code"] = error.code;
    return json_response(error.status, body)
        .with("x-amzn-ErrorType", error.code)
        .with("x-amzn-RequestId", request_id);
}

// One failure, as each kind of service calls it.
struct Names {
    std::string_view xml;
    std::string_view json;
};
AwsError named(const Request& request, int status, const Names& names, std::string message) {
    return {status, std::string(speaks_xml(request) ? names.xml : names.json), std::move(message)};
}

AwsError of_signature(const Request& request, const SignatureFault& fault) {
    using Kind = SignatureFault::Kind;
    switch (fault.kind) {
        case Kind::absent:
            return named(request, 403,
                         {"MissingAuthenticationToken", "MissingAuthenticationTokenException"},
                         "Request is missing Authentication Token");
        case Kind::incomplete:
            return named(request, 400, {"IncompleteSignature", "IncompleteSignatureException"},
                         fault.what);
        case Kind::mismatch:
        case Kind::expired:
        case Kind::too_early:
            break;
    }
    return named(request, 403, {"SignatureDoesNotMatch", "InvalidSignatureException"}, fault.what);
}

bool right_scope(const SignatureClaim& claim, std::string_view service) {
    if (claim.service != service) return false;
    return claim.region == aws_region || (service == "sts" && claim.region == "us-east-1");
}

}  // namespace

bool aws_path(std::string_view path) {
    return path == sts_path || path.starts_with("/aws/") || path.starts_with(machine_path);
}

Response aws_refusal(Exchange& exchange, const AwsError& error) {
    exchange.aws.outcome = error.code;
    exchange.aws.detail = error.message;
    return render(exchange.request, error);
}

Response aws_failure(Exchange& exchange, int status) {
    const Request& request = exchange.request;
    const auto fails_as = [&](const Names& names, std::string_view why) {
        return render(request, named(request, status, names, std::string(why)));
    };
    if (status == 429 || status == 400)
        return fails_as({"Throttling", "ThrottlingException"}, "Rate exceeded");
    if (status < 500) return fails_as({"AccessDenied", "AccessDeniedException"}, told_to_fail);
    if (status == 503)
        return fails_as({"ServiceUnavailable", "ServiceUnavailableException"}, told_to_fail);
    return fails_as({"InternalFailure", "InternalServerException"}, told_to_fail);
}

Response aws_expired(Exchange& exchange) {
    const Request& request = exchange.request;
    if (request.path.starts_with(machine_path))
        return json_response(200, {{"Code", "AssumeRoleUnauthorizedAccess"},
                                   {"Message", told_to_fail},
                                   {"LastUpdated", to_iso8601(exchange.now)}});
    if (request.path.starts_with(oidc_path))
        return render(request, {400, "InvalidGrantException", std::string(told_to_fail)});
    if (request.path.starts_with("/aws/portal/"))
        return render(request,
                      {401, "UnauthorizedException", "Session token not found or invalid"});
    return render(request, named(request, 403, {"ExpiredToken", "ExpiredTokenException"},
                                 "The security token included in the request is expired"));
}

Response aws_result(std::string_view action, const std::string& members) {
    const auto request_id = uuid_of(random_token(16));
    return xml_response(
               200,
               fmt::format("<{0}Response "
                           "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
                           "  <{0}Result>{1}</{0}Result>\n"
                           "  <ResponseMetadata><RequestId>{2}</RequestId></ResponseMetadata>\n"
                           "</{0}Response>\n",
                           action, members, request_id))
        .with("x-amzn-RequestId", request_id);
}

std::string aws_member(std::string_view name, std::string_view value) {
    return value.empty() ? std::string() : fmt::format("<{0}>{1}</{0}>", name, escape_html(value));
}

AwsOutcome<const AwsKey*> aws_signer(Exchange& exchange, const Request& request,
                                     std::string_view service) {
    const auto invalid = [&] {
        return std::unexpected(named(request, 403,
                                     {"InvalidClientTokenId", "UnrecognizedClientException"},
                                     "The security token included in the request is invalid"));
    };
    const auto claim = read_signature(request);
    if (!claim) return std::unexpected(of_signature(request, claim.error()));
    const AwsKey* key = exchange.state.aws.keys.find(claim->access_key);
    if (key == nullptr || !same_text(claim->session_token, key->token)) return invalid();
    if (!right_scope(*claim, service))
        return std::unexpected(of_signature(
            request,
            {SignatureFault::Kind::mismatch,
             fmt::format("Credential should be scoped to {} in {}", service, aws_region)}));
    const auto checked = check_signature(request, *claim, key->secret, exchange.now);
    if (!checked) return std::unexpected(of_signature(request, checked.error()));
    if (exchange.now >= key->expires_at)
        return std::unexpected(named(request, 403, {"ExpiredToken", "ExpiredTokenException"},
                                     "The security token included in the request is expired"));
    exchange.aws.principal = key->principal.arn;
    return key;
}

}  // namespace hearth::sandbox
