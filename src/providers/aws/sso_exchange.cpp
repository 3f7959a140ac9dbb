#include "providers/aws/sso_exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/url.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"

namespace hearth::providers::aws {
namespace {

constexpr std::size_t longest_name = 80;
constexpr std::size_t longest_message = 300;

// The bare name: some services put a namespace before it, or an address behind it.
std::string_view exception_in(std::string_view header) {
    header = header.substr(0, header.find(':'));
    const auto mark = header.rfind('#');
    return mark == std::string_view::npos ? header : header.substr(mark + 1);
}

// "InvalidGrantException" is "invalid_grant".
std::string code_of(std::string_view exception) {
    constexpr std::string_view suffix = "Exception";
    if (exception.ends_with(suffix)) exception.remove_suffix(suffix.size());
    std::string code;
    for (const char letter : exception) {
        const bool capital = letter >= 'A' && letter <= 'Z';
        if (capital && !code.empty()) code += '_';
        code += capital ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return code;
}

bool passing_code(std::string_view code) {
    constexpr std::array<std::string_view, 6> passing{"throttling",          "too_many_requests",
                                                      "server_error",        "internal_server",
                                                      "service_unavailable", "slow_down"};
    return std::ranges::find(passing, code) != passing.end();
}

bool passing_status(int status) {
    return status >= 500 || status == 429 || status == 408 || status == 425;
}

// What a person does about it.
std::string next_step_after(std::string_view code, const std::string& region) {
    // InvalidRequestRegionException says where to go instead.
    if (!region.empty()) return "set sso_region = \"" + region + "\" in the profile";
    if (code == "invalid_request") return "check sso_start_url and sso_region of the profile";
    if (code == "invalid_scope") return "check scopes of the profile";
    if (code == "invalid_redirect_uri" || code == "invalid_client_metadata")
        return "sign in by hearth login --device";
    if (code == "access_denied") return "ask whoever administers IAM Identity Center for access";
    return "";
}

}  // namespace

HttpRequest sso_post(std::string url, Secret body) {
    return {.method = "POST",
            .url = std::move(url),
            .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
            .body = std::move(body)};
}

SsoRefusal SsoRefusal::read(const HttpResponse& response, const std::vector<Secret>& secrets) {
    const auto body = json::Document::parse(response.body.reveal()).value_or(json::Document());
    const auto quoted = [&](std::string_view text, std::size_t limit) {
        return oauth::quotable(text, limit, secrets);
    };
    const auto exception = quoted(exception_in(response.header("x-amzn-ErrorType")), longest_name);
    const auto error = quoted(body.text("error"), longest_name);
    auto message = quoted(body.text("error_description"), longest_message);
    if (message.empty()) message = quoted(body.text("message"), longest_message);

    SsoRefusal refusal{.code = error.empty() ? code_of(exception) : error,
                       .shown = {},
                       .next_step = {},
                       .passing = passing_status(response.status)};
    refusal.passing = refusal.passing || passing_code(refusal.code);
    if (!refusal.passing)
        refusal.next_step =
            next_step_after(refusal.code, quoted(body.text("region"), longest_name));
    if (const auto& name = exception.empty() ? error : exception; !name.empty())
        refusal.shown = " (" + name + (message.empty() ? "" : ": " + message) + ")";
    const auto request = quoted(response.header("x-amzn-RequestId"), longest_name);
    if (!request.empty()) refusal.shown += " [request " + request + "]";
    return refusal;
}

Error sso_error(const HttpResponse& response, const SsoRefusal& refusal, const std::string& url,
                std::string_view what, Remedy otherwise) {
    const auto place = Url::parse(url);
    return {refusal.passing ? Remedy::unreachable : otherwise,
            (place ? place->host() : std::string("IAM Identity Center")) + ": " +
                std::string(what) + " answered " + std::to_string(response.status) + refusal.shown,
            ""};
}

}  // namespace hearth::providers::aws
