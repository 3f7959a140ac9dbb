#include <array>

#include "cli/commands.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{json_option};

struct WhoamiArguments {
    ProfileName profile;
    Format format;
};

Result<WhoamiArguments> parse(const Arguments& arguments) {
    return WhoamiArguments{.profile = HEARTH_TRY(profile_operand(arguments)),
                           .format = format_of(arguments)};
}

Result<> run(const WhoamiArguments& arguments, Invocation& invocation) {
    Request request("whoami");
    request.text("profile", arguments.profile.text());
    const auto answer = HEARTH_TRY(ask_once(invocation, request, arguments.profile.text()));
    if (arguments.format == Format::json) {
        print_json(invocation.terminal, answer);
        return {};
    }
    Table table;
    for (const auto& fact : answer.body["facts"].items()) {
        const auto pair = fact.items();
        if (pair.size() == 2) table.row({{.text = pair[0].text()}, {.text = pair[1].text()}});
    }
    invocation.terminal.out(table.rendered(0, {}));
    return {};
}

}  // namespace

constexpr Command whoami_command{
    .name = "whoami",
    .summary = "ask the provider who this is",
    .grammar = {.operands = "PROFILE", .least = 1, .most = 1, .options = options},
    .details =
        "Asks the provider, over the network, whose credential this is, and prints what it says.",
    .examples = "hearth whoami work\nhearth whoami claude --json",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
