#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/min_ttl.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{
    Option{"--url", "URL", "where the request goes; some headers depend on it"},
    Option{"--method", "METHOD", "GET unless given"}, min_ttl_option, json_option};

struct HeadersArguments {
    ProfileName profile;
    std::string method;
    std::string url;
    std::optional<std::chrono::seconds> min_ttl;
    Format format;
};

Result<HeadersArguments> parse(const Arguments& arguments) {
    const auto min_ttl = HEARTH_TRY(min_ttl_of(arguments));
    return HeadersArguments{.profile = HEARTH_TRY(profile_operand(arguments)),
                            .method = std::string(arguments.value("--method").value_or("GET")),
                            .url = std::string(arguments.value("--url").value_or("")),
                            .min_ttl = min_ttl,
                            .format = format_of(arguments)};
}

// A line end in a header would be one header more.
bool plain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Result<> run(const HeadersArguments& arguments, Invocation& invocation) {
    Request request("headers");
    request.text("profile", arguments.profile.text()).text("method", arguments.method);
    if (!arguments.url.empty()) request.text("url", arguments.url);
    if (arguments.min_ttl) request.number("min_ttl", arguments.min_ttl->count());
    const auto answer = HEARTH_TRY(ask_once(invocation, request, arguments.profile.text()));
    if (arguments.format == Format::json) {
        print_json(invocation.terminal, answer);
        return {};
    }
    SecretBuilder lines;
    for (const auto& header : answer.body["headers"].items()) {
        const auto pair = header.items();
        if (pair.size() != 2) continue;
        const auto name = pair[0].secret();
        const auto value = pair[1].secret();
        if (!plain(name.reveal()) || !plain(value.reveal()))
            return std::unexpected(
                Error{Remedy::failed, "a header's value has a line end in it", ""});
        lines.append(name.reveal()).append(": ").append(value.reveal()).append("\n");
    }
    invocation.terminal.out(lines.reveal());
    return {};
}

}  // namespace

const Command headers_command{
    .name = "headers",
    .summary = "print the header lines that authorise a request",
    .grammar = {.operands = "PROFILE", .least = 1, .most = 1, .options = options},
    .details =
        "Prints the header lines that authorise a request, to be read from a pipe, so that the\n"
        "secret is in no argument list. They are refused for plain http to another machine.",
    .examples =
        "hearth headers work --url https://api.example.com/ |\n"
        "  curl -H @- https://api.example.com/\n"
        "hearth headers claude --method POST --url https://api.anthropic.com/v1/messages",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
