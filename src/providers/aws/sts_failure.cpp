#include "providers/aws/sts_failure.hpp"

#include <string>
#include <utility>

#include "core/url.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/token_reply.hpp"
#include "providers/aws/xml_reply.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;

// Closer than that to the service's clock, the time was not what it refused.
constexpr Span clock_leeway = 1min;

struct Refusal {
    std::string code;
    std::string message;
    std::string request;
};

Refusal refusal_in(const HttpResponse& response, const std::vector<Secret>& secrets) {
    const auto reply = XmlReply::parse(response.body.reveal());
    if (!reply) return {};
    const auto quoted = [&](std::string_view path, std::size_t limit) {
        const auto* const text = reply->find(path);
        return text == nullptr ? std::string() : oauth::quotable(text->reveal(), limit, secrets);
    };
    return {.code = quoted("ErrorResponse/Error/Code", 80),
            .message = quoted("ErrorResponse/Error/Message", 300),
            .request = quoted("ErrorResponse/RequestId", 80)};
}

// What a person does about it.
std::string next_step(std::string_view code, std::string_view action, const StsPlace& place) {
    if (code == "AccessDenied")
        return "the caller needs the permission sts:" + std::string(action) +
               ", and the role has to trust the caller";
    if (code == "RegionDisabledException")
        return "turn the region " + place.region +
               " on for this account, or name another one with region";
    if (code == "InvalidClientTokenId" || code == "SignatureDoesNotMatch")
        return "check aws_access_key_id and aws_secret_access_key; they may have been replaced";
    if (code == "IDPRejectedClaim" || code == "InvalidIdentityToken")
        return "compare the identity token's issuer, audience and subject with the identity "
               "provider and the role's trust policy";
    if (code == "ExpiredToken" || code == "ExpiredTokenException")
        return "the keys or the identity token that this was asked with have expired: get new ones";
    return "";
}

KeysFailure::Kind kind_of(const HttpResponse& response, std::string_view code) {
    using Kind = KeysFailure::Kind;
    const bool busy = response.status >= 500 || response.status == 429 || code == "Throttling" ||
                      code == "ThrottlingException" || code == "IDPCommunicationError";
    if (busy) return Kind::passing;
    const bool expired = code == "ExpiredToken" || code == "ExpiredTokenException";
    return expired ? Kind::expired : Kind::refused;
}

}  // namespace

KeysFailure sts_failure(std::string_view action, const StsPlace& place,
                        const HttpResponse& response, const std::vector<Secret>& secrets,
                        Instant now) {
    const auto refusal = refusal_in(response, secrets);
    const auto url = Url::parse(place.url);
    KeysFailure failure{.kind = kind_of(response, refusal.code),
                        .error = {},
                        .retry_after = oauth::retry_after(response, now)};
    auto& error = failure.error;
    const bool passing = failure.kind == KeysFailure::Kind::passing;
    error.remedy = passing ? Remedy::unreachable : Remedy::failed;
    error.what = (url ? url->host() : "STS") + ": " + std::string(action) + " answered " +
                 std::to_string(response.status);
    if (!refusal.code.empty())
        error.what +=
            " (" + refusal.code + (refusal.message.empty() ? "" : ": " + refusal.message) + ")";
    if (!refusal.request.empty()) error.what += " [request " + refusal.request + "]";
    error.hint = next_step(refusal.code, action, place);
    return failure;
}

// By how much to correct the time of a request that was refused for it.
std::optional<Span> refused_time(const HttpResponse& response, Instant before, Instant after) {
    if (response.status != 400 && response.status != 403) return {};
    const auto code = refusal_in(response, {}).code;
    const bool about_time = code == "RequestExpired" || code == "RequestTimeTooSkewed" ||
                            code == "SignatureDoesNotMatch";
    const auto skew = oauth::server_skew(response, before, after);
    if (!about_time || !skew || std::chrono::abs(*skew) < clock_leeway) return {};
    return skew;
}

}  // namespace hearth::providers::aws
