#include "providers/google/executable_document.hpp"

#include <utility>
#include <vector>

#include "json/document.hpp"
#include "oauth/endpoint.hpp"

namespace hearth::providers::google {
namespace {

// The member that the token stands in; empty for a type that there is none of.
std::string_view member_of(std::string_view token_type) {
    if (token_type == "urn:ietf:params:oauth:token-type:id_token" ||
        token_type == "urn:ietf:params:oauth:token-type:jwt")
        return "id_token";
    if (token_type == "urn:ietf:params:oauth:token-type:saml2") return "saml_response";
    return {};
}

// Of a command that says that it failed, which may still have printed a token.
std::string reason_in(const json::Document& document) {
    std::vector<Secret> secrets;
    for (const auto* const name : {"id_token", "saml_response"})
        if (auto token = document.secret(name)) secrets.push_back(*std::move(token));
    const auto number = document.number("code");
    const auto code = document.text("code");
    const auto message = oauth::quotable(document.text("message"), 300, secrets);
    const auto shown =
        code.empty() && number ? std::to_string(*number) : oauth::quotable(code, 80, secrets);
    return shown.empty() || message.empty() ? shown + message : shown + ": " + message;
}

}  // namespace

Result<ExecutableDocument> read_executable_document(std::string_view text,
                                                    const std::string& where) {
    const auto wrong = [&](std::string_view what) {
        return std::unexpected(
            Error{Remedy::failed, where + " " + std::string(what),
                  "the command has to print one JSON object of Google's executable-sourced "
                  "credentials and nothing else, on standard error neither"});
    };
    const auto document = json::Document::parse(text);
    if (!document) return wrong("is no JSON object");
    if (!document->has("version")) return wrong("has no version");
    if (document->number("version") != 1) return wrong("has a version that is not 1");
    if (!document->has("success")) return wrong("does not say whether it is a success");
    ExecutableDocument read;
    if (!document->flag("success")) {
        read.reason = reason_in(*document);
        if (read.reason.empty()) return wrong("is a failure without code and message");
        return read;
    }
    if (document->has("expiration_time")) {
        const auto expires_at = document->seconds("expiration_time");
        if (!expires_at) return wrong("has an expiration_time that is no Unix time");
        read.expires_at = Instant(*expires_at);
    }
    const auto type = document->text("token_type");
    if (type.empty()) return wrong("has no token_type");
    const auto member = member_of(type);
    if (member.empty()) return wrong("has a token_type that is none of id_token, jwt and saml2");
    auto token = document->secret(member);
    if (!token) return wrong("has no " + std::string(member));
    read.subject_token = *std::move(token);
    return read;
}

}  // namespace hearth::providers::google
