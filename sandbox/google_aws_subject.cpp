#include "sandbox/google_aws_subject.hpp"

#include <boost/json/array.hpp>

#include "sandbox/aws_answers.hpp"
#include "sandbox/aws_signature.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/members.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view audience_header = "x-goog-cloud-target-resource";
constexpr std::string_view own_path = "/aws/sts";

std::unexpected<GrantError> unreadable(std::string why) {
    return grant_error("invalid_request", "Invalid AWS subject token: " + std::move(why));
}
std::unexpected<GrantError> refused(const std::string& why) {
    return grant_error("invalid_grant", "The AWS request was not accepted: " + why);
}

GrantOutcome<std::vector<HeaderLine>> headers_in(const object& said) {
    std::vector<HeaderLine> headers;
    const auto* list = said.if_contains("headers");
    if (list == nullptr || !list->is_array()) return unreadable("headers must be a list.");
    for (const auto& entry : list->get_array()) {
        const auto* line = entry.if_object();
        if (line == nullptr || text_in(*line, "key").empty())
            return unreadable("each header has a key and a value.");
        headers.push_back({text_in(*line, "key"), text_in(*line, "value")});
    }
    return headers;
}

// AWS's own address in the sandbox's region, or where the sandbox itself plays it.
bool is_sts(std::string_view scheme_and_host, std::string_view path, const std::string& origin) {
    if (scheme_and_host == origin) return path == own_path;
    return path == "/" &&
           (scheme_and_host == "https://sts.amazonaws.com" ||
            scheme_and_host == "https://sts." + std::string(aws_region) + ".amazonaws.com");
}

GrantOutcome<Request> signed_request(const std::string& origin, std::string_view token) {
    const auto decoded = form_decode(token);
    const auto said = decoded ? object_in(*decoded) : std::nullopt;
    if (!said) return unreadable("it is no percent-encoded JSON object.");
    auto headers = headers_in(*said);
    if (!headers) return std::unexpected(headers.error());
    const auto url = text_in(*said, "url");
    const auto question = std::min(url.find('?'), url.size());
    const auto authority = url.find("://") == std::string::npos ? url.size() : url.find("://") + 3;
    const auto slash = std::min(url.find('/', authority), question);
    Request request;
    request.method = text_in(*said, "method");
    request.path = slash == question ? "/" : url.substr(slash, question - slash);
    request.query = url.substr(std::min(question + 1, url.size()));
    request.headers = *std::move(headers);
    if (!is_sts(std::string_view(url).substr(0, slash), request.path, origin))
        return unreadable("its url is not that of AWS's Security Token Service.");
    if (request.header("Host") != url.substr(authority, slash - authority))
        return unreadable("its header host is not that of its url.");
    const auto query = Parameters::parse(request.query).value_or(Parameters());
    if (request.method != "POST" || query.one("Action") != "GetCallerIdentity")
        return unreadable("it must be a POST of GetCallerIdentity.");
    return request;
}

}  // namespace

GrantOutcome<std::string> aws_subject(Exchange& exchange, std::string_view token,
                                      std::string_view audience) {
    const auto request = signed_request(exchange.state.settings.origin, token);
    if (!request) return std::unexpected(request.error());
    if (request->header(audience_header) != audience)
        return unreadable("x-goog-cloud-target-resource is not the audience.");
    // Google's library for Node.js adds it after it has signed, and Google takes that.
    const auto claim = read_signature(*request);
    if (claim && !holds(claim->headers, audience_header))
        exchange.google.detail = "x-goog-cloud-target-resource is not signed";
    const auto signer = aws_signer(exchange, *request, "sts");
    if (!signer) return refused(signer.error().code);
    if ((*signer)->principal.account != aws_account)
        return refused("the account is not that of the provider");
    return (*signer)->principal.arn;
}

}  // namespace hearth::sandbox
