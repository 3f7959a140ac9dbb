#include "oauth/authorization_response.hpp"

#include <algorithm>

#include "oauth/endpoint.hpp"

namespace hearth::oauth {
namespace {

constexpr std::size_t quoted = 200;

Error reported(const Query& response) {
    const auto code = printable(response.text("error"), quoted);
    const auto description = printable(response.text("error_description"), quoted);
    const auto shown = " (" + code + (description.empty() ? "" : ": " + description) + ")";
    if (code == "access_denied") {
        return {Remedy::sign_in, "the sign-in was refused in the browser" + shown, "sign in again"};
    }
    const bool passing = code == "temporarily_unavailable" || code == "server_error";
    return {
        passing ? Remedy::unreachable : Remedy::usage, "the server does not sign in" + shown,
        passing ? "try again later" : "check client_id, scopes and redirect_uri of the profile"};
}

// RFC 9207 section 2.4: compared as plain strings, before anything else is believed.
bool issuer_fits(const ResponseExpectation& expected, const Query& response) {
    if (expected.issuer.empty()) return true;
    const auto* const issuer = response.find("iss");
    return issuer == nullptr ? !expected.promises_iss : *issuer == expected.issuer;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

PasteVerdict judge_address(const ResponseExpectation& expected,
                           const std::string& manual_redirect_uri, std::string_view address) {
    const auto start = std::min(address.find('?'), address.size());
    const auto text = address.substr(std::min(start + 1, address.size()));
    const auto query = Query::parse(text.substr(0, text.find('#')));
    if (!query) return {.outcome = {}, .complaint = "that address cannot be read"};
    auto verdict = judge_response(expected, *query);
    if (!verdict.outcome) return {.outcome = {}, .complaint = std::move(verdict.complaint)};
    if (!*verdict.outcome) {
        return {.outcome = std::unexpected(verdict.outcome->error()), .complaint = {}};
    }
    const bool manual = !manual_redirect_uri.empty() && address.starts_with(manual_redirect_uri);
    return {.outcome = PastedCode{.code = **std::move(verdict.outcome), .from_address = !manual},
            .complaint = {}};
}

}  // namespace

ResponseVerdict judge_response(const ResponseExpectation& expected, const Query& response) {
    const auto* const state = response.find("state");
    if (state == nullptr || !same_secret(Secret(*state), Secret(expected.state))) {
        return {.outcome = {}, .complaint = "it does not belong to the sign-in that is going on"};
    }
    if (!issuer_fits(expected, response)) {
        return {.outcome = std::unexpected(
                    Error{Remedy::refused,
                          "the answer in the browser came from another issuer than was asked",
                          "sign in again, and only on the page of " + expected.issuer}),
                .complaint = {}};
    }
    if (response.find("error") != nullptr) {
        return {.outcome = std::unexpected(reported(response)), .complaint = {}};
    }
    const auto* const code = response.find("code");
    if (code == nullptr || code->empty()) {
        return {.outcome = {}, .complaint = "it has neither a code nor an error"};
    }
    return {.outcome = Secret(*code), .complaint = {}};
}

PasteVerdict judge_paste(const ResponseExpectation& expected,
                         const std::string& manual_redirect_uri, const Secret& pasted) {
    const auto text = trimmed(pasted.reveal());
    if (text.starts_with("http://") || text.starts_with("https://")) {
        return judge_address(expected, manual_redirect_uri, text);
    }
    const auto hash = std::min(text.find('#'), text.size());
    const auto code = text.substr(0, hash);
    if (code.empty() || !std::ranges::all_of(code, [](char c) { return c > 0x20 && c < 0x7F; })) {
        return {.outcome = {}, .complaint = "that is not a code"};
    }
    if (hash < text.size() && !same_secret(Secret(text.substr(hash + 1)), Secret(expected.state))) {
        return {.outcome = {}, .complaint = "that code belongs to another sign-in"};
    }
    return {.outcome = PastedCode{.code = Secret(code), .from_address = false}, .complaint = {}};
}

}  // namespace hearth::oauth
