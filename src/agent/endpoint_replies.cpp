#include "agent/endpoint_replies.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "json/object_writer.hpp"

namespace hearth::agent {
namespace {

enum class Then : std::uint8_t { close, keep };

Secret reply(std::string_view status, const Secret& body, Then then, std::string_view more = {}) {
    SecretBuilder text;
    text.append("HTTP/1.1 ").append(status).append("\r\nContent-Type: application/json\r\n");
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("Cache-Control: no-store\r\n").append(more);
    if (then == Then::close) {
        text.append("Connection: close\r\n");
    } else {
        text.append("Keep-Alive: timeout=")
            .append(std::to_string(std::chrono::ceil<std::chrono::seconds>(endpoint_idle).count()))
            .append("\r\n");
    }
    return text.append("\r\n").append(body.reveal()).take();
}

Secret explanation(std::string_view code, std::string_view message) {
    json::ObjectWriter body;
    body.text("code", code).text("message", message);
    return body.take();
}

std::string_view code_of(Remedy remedy) {
    switch (remedy) {
        case Remedy::sign_in:
            return "SignInNeeded";
        case Remedy::unreachable:
            return "ProviderUnreachable";
        case Remedy::store_locked:
            return "StoreLocked";
        case Remedy::refused:
            return "Refused";
        default:
            return "CredentialsUnavailable";
    }
}

struct Refusal {
    std::string_view status;
    std::string_view code;
    std::string_view message;
};

Refusal refusal_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::too_long:
            return {.status = "431 Request Header Fields Too Large",
                    .code = "RequestTooLong",
                    .message = "a request has 8 KiB at most"};
        case Verdict::foreign_host:
            return {.status = "403 Forbidden",
                    .code = "ForeignHost",
                    .message = "this is asked for by its address on this machine, and no other"};
        case Verdict::passed_on:
            return {.status = "403 Forbidden",
                    .code = "PassedOn",
                    .message = "browsers and proxies are not served"};
        case Verdict::wrong_path:
            return {.status = "404 Not Found", .code = "NotFound", .message = "nothing is here"};
        case Verdict::wrong_method:
            return {.status = "405 Method Not Allowed",
                    .code = "MethodNotAllowed",
                    .message = "only GET is answered"};
        case Verdict::no_token:
            return {.status = "401 Unauthorized",
                    .code = "NoToken",
                    .message = "the request has no Authorization header"};
        case Verdict::wrong_token:
            return {.status = "403 Forbidden",
                    .code = "WrongToken",
                    .message = "the Authorization header is not this endpoint's token"};
        default:
            return {.status = "400 Bad Request",
                    .code = "BadRequest",
                    .message = "this is no request without a body"};
    }
}

}  // namespace

Secret credential_reply(const Credential& credential, Instant ask_again) {
    const auto* const keys = credential.aws_keys();
    if (keys == nullptr || keys->access_key_id.empty()) {
        return failure_reply(Error{Remedy::usage, credential.profile() + " has no AWS keys", ""});
    }
    json::ObjectWriter body;
    body.text("AccessKeyId", keys->access_key_id);
    body.text("SecretAccessKey", keys->secret_access_key.reveal());
    body.text("Token", keys->session_token.reveal());
    const auto expires_at = credential.expires_at();
    body.text("Expiration", to_rfc3339(expires_at ? Instant(*expires_at) : ask_again));
    if (!keys->account_id.empty()) body.text("AccountId", keys->account_id);
    return reply("200 OK", body.take(), Then::keep);
}

Secret failure_reply(const Error& error) {
    return reply("503 Service Unavailable",
                 explanation(code_of(error.remedy),
                             error.what + (error.hint.empty() ? "" : "; " + error.hint)),
                 Then::keep);
}

Secret refusal_reply(Verdict verdict) {
    const auto [status, code, message] = refusal_of(verdict);
    std::string_view more;
    if (verdict == Verdict::wrong_method) more = "Allow: GET\r\n";
    // RFC 9110 section 15.5.2 wants a challenge; the token is sent as it is, without a scheme.
    if (verdict == Verdict::no_token) more = "WWW-Authenticate: Token\r\n";
    return reply(status, explanation(code, message), Then::close, more);
}

}  // namespace hearth::agent
