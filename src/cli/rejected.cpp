#include <array>

#include "cli/commands.hpp"
#include "cli/credential_helper.hpp"
#include "cli/prompt.hpp"
#include "core/try.hpp"
#include "sources/given.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{json_option};

struct RejectedArguments {
    ProfileName profile;
    Format format;
};

Result<RejectedArguments> parse(const Arguments& arguments) {
    return RejectedArguments{.profile = HEARTH_TRY(profile_operand(arguments)),
                             .format = format_of(arguments)};
}

Result<> run(const RejectedArguments& arguments, Invocation& invocation) {
    const auto& profile = arguments.profile.text();
    if (invocation.terminal.reads_keys()) {
        return std::unexpected(
            Error{Remedy::usage, "the rejected token is read from stdin, and that is a terminal",
                  "hearth rejected " + profile + " <FILE"});
    }
    const auto input = HEARTH_TRY(read_input(sources::longest_token + 1024));
    auto token = sources::token_in(input.reveal(), "stdin");
    if (!token) {
        token.error().hint = "hearth rejected " + profile + " <FILE";
        return std::unexpected(std::move(token).error());
    }
    Request request("rejected");
    request.text("profile", profile).secret("token", *token);
    const auto [answer, refresh] = HEARTH_TRY(ask_with_helper(invocation, request, profile));
    if (refresh) run_helper_behind(profile);
    return print_token(invocation.terminal, answer, arguments.format);
}

}  // namespace

constexpr Command rejected_command{
    .name = "rejected",
    .summary = "give up a token that a server refused, and print a newer one",
    .grammar = {.operands = "[PROFILE]",
                .least = 1,
                .most = 1,
                .options = options,
                .projects_profile = true},
    .details =
        "Reads from stdin a token that a server answered 401 to. If a newer one is there already\n"
        "it is printed; else the session is renewed, once, whoever else asks. A token that was\n"
        "refused within a minute of its renewal is an error: another renewal would not help.",
    .examples = "hearth rejected work <refused-token",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
