#include <array>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{Option{"--all", "", "every profile that is signed in"}, json_option};

struct LogoutArguments {
    std::optional<ProfileName> profile;  // Absent: all.
    Format format;
};

Result<LogoutArguments> parse(const Arguments& arguments) {
    const bool all = arguments.has("--all");
    if (all == (arguments.operands() == 1))
        return std::unexpected(
            Error{Remedy::usage, "either a PROFILE or --all is needed", "hearth logout --help"});
    std::optional<ProfileName> profile;
    if (!all) profile = HEARTH_TRY(profile_operand(arguments));
    return LogoutArguments{.profile = profile, .format = format_of(arguments)};
}

Result<> run(const LogoutArguments& arguments, Invocation& invocation) {
    Request request("logout");
    if (arguments.profile) {
        request.text("profile", arguments.profile->text());
    } else {
        request.flag("all", true);
    }
    const auto answer = HEARTH_TRY(
        ask_once(invocation, request, arguments.profile ? arguments.profile->text() : ""));
    if (arguments.format == Format::json) print_json(invocation.terminal, answer);
    if (arguments.format == Format::json) return {};
    const auto profiles = answer.body["profiles"].items();
    for (const auto& profile : profiles)
        invocation.terminal.words("Signed out of " + escaped(profile.text()) + ".\n");
    if (profiles.empty()) invocation.terminal.words("Nothing was signed in.\n");
    return {};
}

}  // namespace

constexpr Command logout_command{
    .name = "logout",
    .summary = "revoke at the provider, then erase",
    .grammar = {.operands = "[PROFILE]", .least = 0, .most = 1, .options = options},
    .details =
        "Tells the provider that the session is over, then erases it here. When the provider\n"
        "cannot be reached it is erased all the same, and the exit status is 4.",
    .examples = "hearth logout work\nhearth logout --all",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
