#include "agent/endpoint_replies.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "json/object_writer.hpp"

namespace hearth::agent {
namespace {

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
        case Verdict::no_flavor:
            return {.status = "403 Forbidden",
                    .code = "NoFlavor",
                    .message = "the request has no header \"Metadata-Flavor: Google\""};
        default:
            return {.status = "400 Bad Request",
                    .code = "BadRequest",
                    .message = "this is no request without a body"};
    }
}

}  // namespace

Secret http_reply(const ReplyHead& head, const Secret& body) {
    using enum ReplyHead::Then;
    SecretBuilder text;
    text.append("HTTP/1.1 ").append(head.status);
    text.append("\r\nContent-Type: ").append(head.type);
    text.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("Cache-Control: no-store\r\n").append(head.more);
    if (head.then == close) {
        text.append("Connection: close\r\n");
    } else {
        text.append("Keep-Alive: timeout=")
            .append(std::to_string(std::chrono::ceil<std::chrono::seconds>(endpoint_idle).count()))
            .append("\r\n");
    }
    return text.append("\r\n").append(body.reveal()).take();
}

Secret failure_reply(const Error& error, std::string_view more) {
    return http_reply({.status = "503 Service Unavailable", .more = more},
                      explanation(code_of(error.remedy),
                                  error.what + (error.hint.empty() ? "" : "; " + error.hint)));
}

Secret absence_reply(std::string_view message, std::string_view more) {
    return http_reply({.status = "404 Not Found", .more = more}, explanation("NotFound", message));
}

Secret refusal_reply(Verdict verdict, std::string_view more) {
    const auto [status, code, message] = refusal_of(verdict);
    std::string lines(more);
    if (verdict == Verdict::wrong_method) lines += "Allow: GET\r\n";
    // RFC 9110 section 15.5.2 wants a challenge; the token is sent as it is, without a scheme.
    if (verdict == Verdict::no_token) lines += "WWW-Authenticate: Token\r\n";
    return http_reply({.status = status, .more = lines, .then = ReplyHead::Then::close},
                      explanation(code, message));
}

}  // namespace hearth::agent
