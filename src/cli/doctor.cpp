#include <array>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{json_option};

Colour colour_of(std::string_view state) noexcept {
    if (state == "ok") return Colour::green;
    return state == "warn" ? Colour::yellow : Colour::red;
}

// True when nothing failed.
bool print(const std::vector<JsonView>& checks, Terminal& terminal) {
    const bool colours = terminal.shows_output() && terminal.colours();
    bool good = true;
    for (const auto& check : checks) {
        const auto state = check["state"].text();
        const auto shown =
            escaped(state) + std::string(state.size() < 5 ? 6 - state.size() : 1, ' ');
        terminal.out(painted(shown, colours ? colour_of(state) : Colour::none));
        terminal.out(escaped(check["name"].text()) + ": " + escaped(check["what"].text()) + "\n");
        if (const auto hint = check["hint"].text(); !hint.empty())
            terminal.out("      " + escaped(hint) + "\n");
        if (state == "fail") good = false;
    }
    return good;
}

ExitStatus run(const Arguments& arguments, Invocation& invocation) {
    Request request("doctor");
    const auto answer = ask_once(invocation, request);
    if (!answer) return invocation.terminal.fail(answer.error());
    const auto checks = answer->body["checks"].items();
    bool good = true;
    if (format_of(arguments) == Format::json) {
        print_json(invocation.terminal, *answer);
        for (const auto& check : checks) good = good && check["state"].text() != "fail";
    } else {
        good = print(checks, invocation.terminal);
    }
    const auto end = invocation.terminal.end();
    return end == ExitStatus::done && !good ? ExitStatus::failed : end;
}

}  // namespace

constexpr Command doctor_command{
    .name = "doctor",
    .summary = "say what is wrong with this machine, and the fix for each",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = options},
    .details =
        "Checks the keychain, the folders, the clock and the settings. Ends with 1 when a check\n"
        "failed.",
    .examples = "hearth doctor\nHEARTH_NO_AGENT=1 hearth doctor    what a process of yours sees",
    .run = run};

}  // namespace hearth::cli
