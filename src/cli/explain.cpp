#include <array>

#include "cli/bare.hpp"
#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "cli/own_credential.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{bare_option, bare_provider_option, json_option};

struct ExplainArguments {
    ProfileName profile;
    std::optional<Bare> bare;
    Format format;
};

Result<ExplainArguments> parse(const Arguments& arguments) {
    const auto profile = HEARTH_TRY(profile_operand(arguments));
    const auto bare = HEARTH_TRY(bare_in(arguments, profile));
    return ExplainArguments{.profile = profile, .bare = bare, .format = format_of(arguments)};
}

// What the agent would answer, were it asked: of this process's own sources, and no more.
std::string bare_answer(const Bare& bare, const Invocation& invocation) {
    std::string steps;
    for (const auto& step : bare_steps(bare, invocation)) {
        JsonLine line;
        line.text("source", step.source->name);
        line.flag("found", step.found != sources::Found::no).flag("used", step.used);
        line.text("where", "the process that asks").text("why", step.why);
        steps += (steps.empty() ? "" : ",") + std::string(line.head()) + "}";
    }
    JsonLine answer;
    answer.text("profile", bare.profile.text()).json("steps", "[" + steps + "]");
    answer.text("renewal", "what a process was given is never renewed");
    return std::string(answer.head()) + "}";
}

void print(Terminal& terminal, const JsonView& answer) {
    Table table;
    table.row({{.text = ""}, {.text = "SOURCE"}, {.text = "FOUND"}, {.text = "WHY"}});
    for (const auto& step : answer["steps"].items()) {
        const bool used = step["used"].flag();
        table.row({{.text = used ? "->" : ""},
                   {.text = step["source"].text()},
                   {.text = step["found"].flag() ? "yes" : "no"},
                   {.text = step["why"].text()}});
    }
    terminal.out(table.rendered(0, {}));
    if (const auto renewal = answer["renewal"].text(); !renewal.empty())
        terminal.out("\n" + escaped(renewal) + "\n");
    if (const auto project = answer["project"]; project.is_object()) {
        const auto trust = project["trust"].text();
        terminal.out(escaped(project["file"].text()) + " is " +
                     (trust == "trusted"   ? "trusted"
                      : trust == "changed" ? "changed since you trusted it"
                                           : "not trusted") +
                     "; " + escaped(project["meaning"].text()) + "\n");
    }
}

Result<> run(const ExplainArguments& arguments, Invocation& invocation) {
    auto& terminal = invocation.terminal;
    const bool json = arguments.format == Format::json;
    if (arguments.bare) {
        const auto answer = bare_answer(*arguments.bare, invocation);
        if (json) {
            terminal.out(answer + "\n");
        } else if (const auto view = JsonView::parse(answer)) {
            print(terminal, *view);
        }
        return {};
    }
    Request request("explain");
    request.text("profile", arguments.profile.text());
    offer(invocation, request);
    const auto answer = HEARTH_TRY(ask_once(invocation, request, arguments.profile.text()));
    if (json) {
        print_json(terminal, answer);
    } else {
        print(terminal, answer.body);
    }
    return {};
}

}  // namespace

constexpr Command explain_command{
    .name = "explain",
    .summary = "say which source answers for a profile, and why",
    .grammar = {.operands = "[PROFILE]",
                .least = 1,
                .most = 1,
                .options = options,
                .projects_profile = true},
    .details =
        "Lists where hearth looks for this profile's credential, in order; the arrow stands at\n"
        "the source that answers.",
    .examples = "hearth explain work",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
