#include <algorithm>
#include <array>

#include "cli/bare.hpp"
#include "cli/body_hash.hpp"
#include "cli/commands.hpp"
#include "cli/credential_helper.hpp"
#include "cli/min_ttl.hpp"
#include "cli/own_credential.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{
    Option{"--url", "URL", "where the request goes; some headers depend on it"},
    Option{"--method", "METHOD", "GET unless given"},
    Option{"--body", "FILE", "what the request sends, for a signature; - is stdin"},
    Option{"--service", "NAME", "what a signature is for; the host says it, mostly"},
    Option{"--region", "REGION", "the same"},
    min_ttl_option,
    bare_option,
    bare_provider_option,
    json_option};

struct HeadersArguments {
    ProfileName profile;
    std::string method;
    std::string url;
    std::string body;
    std::string service;
    std::string region;
    std::optional<std::chrono::seconds> min_ttl;
    std::optional<Bare> bare;
    Format format;
};

Result<HeadersArguments> parse(const Arguments& arguments) {
    const auto min_ttl = HEARTH_TRY(min_ttl_of(arguments));
    const auto profile = HEARTH_TRY(profile_operand(arguments));
    const auto bare = HEARTH_TRY(bare_in(arguments, profile));
    return HeadersArguments{.profile = profile,
                            .method = std::string(arguments.value("--method").value_or("GET")),
                            .url = std::string(arguments.value("--url").value_or("")),
                            .body = std::string(arguments.value("--body").value_or("")),
                            .service = std::string(arguments.value("--service").value_or("")),
                            .region = std::string(arguments.value("--region").value_or("")),
                            .min_ttl = min_ttl,
                            .bare = bare,
                            .format = format_of(arguments)};
}

// A line end in a header would be one header more.
bool plain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

struct HeaderLine {
    std::string name;
    Secret value;
};

// The agent's headers; the one that it left blank ends with the caller's own credential.
Result<std::vector<HeaderLine>> headers_in(const Message& answer, const OwnCredential* own) {
    const auto blank = answer.body["blank"].text();
    std::vector<HeaderLine> headers;
    for (const auto& header : answer.body["headers"].items()) {
        const auto pair = header.items();
        if (pair.size() != 2) continue;
        const auto name = pair[0].text();
        SecretBuilder value;
        value.append(pair[1].secret().reveal());
        if (own != nullptr && name == blank) value.append(own->token.reveal());
        if (!plain(name) || !plain(value.reveal()))
            return std::unexpected(
                Error{Remedy::failed, "a header's value has a line end in it", ""});
        headers.push_back({.name = name, .value = value.take()});
    }
    return headers;
}

Secret as_lines(const std::vector<HeaderLine>& headers) {
    SecretBuilder lines;
    for (const auto& header : headers)
        lines.append(header.name).append(": ").append(header.value.reveal()).append("\n");
    return lines.take();
}

Secret as_json(const std::vector<HeaderLine>& headers) {
    SecretBuilder text;
    text.append("{\"headers\":[");
    for (const auto& header : headers) {
        text.append(text.reveal().ends_with('[') ? "[" : ",[");
        append_quoted(text, header.name);
        text.append(",");
        append_quoted(text, header.value.reveal());
        text.append("]");
    }
    text.append("]}\n");
    return text.take();
}

void print(Terminal& terminal, const std::vector<HeaderLine>& headers, Format format) {
    const auto text = format == Format::json ? as_json(headers) : as_lines(headers);
    terminal.out(text.reveal());
}

Result<> print_bare(const Bare& bare, const HeadersArguments& arguments, Invocation& invocation) {
    const auto headers =
        HEARTH_TRY(bare_headers(bare, invocation, arguments.method, arguments.url));
    std::vector<HeaderLine> lines;
    lines.reserve(headers.size());
    for (const auto& header : headers)
        lines.push_back({.name = header.name, .value = Secret(header.value)});
    print(invocation.terminal, lines, arguments.format);
    return {};
}

Result<> run(const HeadersArguments& arguments, Invocation& invocation) {
    if (arguments.bare) return print_bare(*arguments.bare, arguments, invocation);
    Request request("headers");
    request.text("profile", arguments.profile.text()).text("method", arguments.method);
    if (!arguments.url.empty()) request.text("url", arguments.url);
    if (!arguments.body.empty())
        request.text("payload_hash", HEARTH_TRY(body_hash(arguments.body)));
    if (!arguments.service.empty()) request.text("service", arguments.service);
    if (!arguments.region.empty()) request.text("region", arguments.region);
    if (arguments.min_ttl) request.number("min_ttl", arguments.min_ttl->count());
    offer(invocation, request);
    const auto answer = HEARTH_TRY(ask_with_helper(invocation, request, arguments.profile.text()));
    const auto own = HEARTH_TRY(own_credential(invocation, answer.message));
    const auto headers = HEARTH_TRY(headers_in(answer.message, own ? &*own : nullptr));
    print(invocation.terminal, headers, arguments.format);
    if (answer.refresh) run_helper_behind(arguments.profile.text());
    return {};
}

}  // namespace

constexpr Command headers_command{
    .name = "headers",
    .summary = "print the header lines that authorise a request",
    .grammar = {.operands = "[PROFILE]",
                .least = 1,
                .most = 1,
                .options = options,
                .projects_profile = true},
    .details =
        "Prints the header lines that authorise a request, to be read from a pipe, so that the\n"
        "secret is in no argument list. They are refused for plain http to another machine.\n"
        "A profile of AWS signs: the request has to go out just as it was described here, within\n"
        "minutes.",
    .examples =
        "hearth headers work --url https://api.example.com/ |\n"
        "  curl -H @- https://api.example.com/\n"
        "hearth headers claude --method POST --url https://api.anthropic.com/v1/messages\n"
        "hearth headers work-bedrock --method POST --url \"$URL\" --body question.json |\n"
        "  curl -H @- --data-binary @question.json \"$URL\"",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
