#include <array>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "cli/own_credential.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{json_option};

struct ExplainArguments {
    ProfileName profile;
    Format format;
};

Result<ExplainArguments> parse(const Arguments& arguments) {
    return ExplainArguments{.profile = HEARTH_TRY(profile_operand(arguments)),
                            .format = format_of(arguments)};
}

Result<> run(const ExplainArguments& arguments, Invocation& invocation) {
    Request request("explain");
    request.text("profile", arguments.profile.text());
    offer(invocation, request);
    const auto answer = HEARTH_TRY(ask_once(invocation, request, arguments.profile.text()));
    auto& terminal = invocation.terminal;
    if (arguments.format == Format::json) {
        print_json(terminal, answer);
        return {};
    }
    Table table;
    table.row({{.text = ""}, {.text = "SOURCE"}, {.text = "FOUND"}, {.text = "WHY"}});
    for (const auto& step : answer.body["steps"].items()) {
        const bool used = step["used"].flag();
        table.row({{.text = used ? "->" : ""},
                   {.text = step["source"].text()},
                   {.text = step["found"].flag() ? "yes" : "no"},
                   {.text = step["why"].text()}});
    }
    terminal.out(table.rendered(0, {}));
    if (const auto renewal = answer.body["renewal"].text(); !renewal.empty())
        terminal.out("\n" + escaped(renewal) + "\n");
    return {};
}

}  // namespace

constexpr Command explain_command{
    .name = "explain",
    .summary = "say which source answers for a profile, and why",
    .grammar = {.operands = "PROFILE", .least = 1, .most = 1, .options = options},
    .details =
        "Lists where hearth looks for this profile's credential, in order; the arrow stands at\n"
        "the source that answers.",
    .examples = "hearth explain work",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
