#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/min_ttl.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{min_ttl_option, json_option};

struct TokenArguments {
    ProfileName profile;
    std::optional<std::chrono::seconds> min_ttl;
    Format format;
};

Result<TokenArguments> parse(const Arguments& arguments) {
    const auto min_ttl = HEARTH_TRY(min_ttl_of(arguments));
    return TokenArguments{.profile = HEARTH_TRY(profile_operand(arguments)),
                          .min_ttl = min_ttl,
                          .format = format_of(arguments)};
}

Result<> run(const TokenArguments& arguments, Invocation& invocation) {
    Request request("token");
    request.text("profile", arguments.profile.text());
    if (arguments.min_ttl) request.number("min_ttl", arguments.min_ttl->count());
    const auto answer = HEARTH_TRY(ask_once(invocation, request, arguments.profile.text()));
    if (arguments.format == Format::json) {
        print_json(invocation.terminal, answer);
        return {};
    }
    SecretBuilder line;
    line.append(answer.body["token"].secret().reveal());
    if (line.reveal().empty())
        return std::unexpected(Error{Remedy::failed, "the agent's answer holds no token", ""});
    // One piece, so that a reader never sees half of it.
    line.append("\n");
    invocation.terminal.out(line.reveal());
    return {};
}

}  // namespace

const Command token_command{
    .name = "token",
    .summary = "print a fresh access token or key, and nothing else",
    .grammar = {.operands = "PROFILE", .least = 1, .most = 1, .options = options},
    .details =
        "Prints the access token, or the API key, of a profile. It is renewed ahead of time;\n"
        "only when less than the profile's minimum is left does this wait for a renewal,\n"
        "ten seconds at most. An expired token is never printed.",
    .examples =
        "curl -H \"Authorization: Bearer $(hearth token work)\" https://api.example.com/\n"
        "hearth token work --min-ttl 10m\n"
        "hearth token work --json    {\"token\":…,\"token_type\":…,\"expires_at\":…}",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
