#include "oauth/callback_page.hpp"

#include <string>

#include "signing/base64.hpp"
#include "signing/digest.hpp"

namespace hearth::oauth {
namespace {

constexpr std::string_view style =
    "body{font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em;"
    "color:#222;background:#fff}h1{font-size:1.4em}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}}";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::vector<Header> strict_headers() {
    // The one style sheet is allowed by its digest; browsers take both alphabets of base64 there.
    const auto digest = signing::base64url(signing::sha256(style)) + "=";
    return {
        {"Content-Security-Policy", "default-src 'none'; style-src 'sha256-" + digest +
                                        "'; base-uri 'none'; form-action 'none'; "
                                        "frame-ancestors 'none'"},
        {"Cache-Control", "no-store"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
        {"Connection", "close"},
    };
}

}  // namespace

CallbackReply callback_page(int status, std::string_view title, std::string_view text) {
    CallbackReply reply{.status = status, .headers = strict_headers(), .body = {}};
    reply.headers.push_back({"Content-Type", "text/html; charset=utf-8"});
    const auto shown = escaped(title);
    reply.body = R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><title>)" + shown +
                 " - hearth</title><style>" + std::string(style) + "</style></head><body><h1>" +
                 shown + "</h1><p>" + escaped(text) + "</p></body></html>\n";
    return reply;
}

CallbackReply callback_redirect(std::string_view path) {
    CallbackReply reply{.status = 303, .headers = strict_headers(), .body = {}};
    reply.headers.push_back({"Location", std::string(path)});
    return reply;
}

}  // namespace hearth::oauth
