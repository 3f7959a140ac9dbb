#include "cli/program.hpp"

#include <algorithm>
#include <array>

#include "cli/bare.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "core/try.hpp"
#include "sources/given.hpp"

namespace hearth::cli {
namespace {

// By address: a table that costs nothing at start-up.
constexpr std::array all{
    &login_command,        &import_command,        &logout_command,         &token_command,
    &credentials_command,  &headers_command,       &exec_command,           &rejected_command,
    &status_command,       &whoami_command,        &explain_command,        &profile_add_command,
    &profile_list_command, &profile_show_command,  &profile_remove_command, &aws_roles_command,
    &config_get_command,   &config_set_command,    &agent_start_command,    &agent_stop_command,
    &agent_status_command, &agent_metrics_command, &agent_lock_command,     &agent_unlock_command,
    &events_command,       &doctor_command,        &trust_list_command,     &trust_remove_command,
    &trust_command,
};

struct Found {
    const Command* command = nullptr;
    Words rest;
};

// The command that the words begin with; its name has one word or two.
Found find(Words words) {
    for (const auto* command : all) {
        const auto space = command->name.find(' ');
        if (words.empty() || words[0] != command->name.substr(0, space)) continue;
        if (space == std::string_view::npos) return {.command = command, .rest = words.subspan(1)};
        if (words.size() > 1 && words[1] == command->name.substr(space + 1))
            return {.command = command, .rest = words.subspan(2)};
    }
    if (!words.empty() && words[0] == helper_refresh_command.name)
        return {.command = &helper_refresh_command, .rest = words.subspan(1)};
    return {.command = nullptr, .rest = words};
}

// The arguments, with the profile that the project's file names where none was given; `name` keeps
// that.
Result<Arguments> completed(const Arguments& arguments, const Found& found, Invocation& invocation,
                            std::string& name) {
    const auto& grammar = found.command->grammar;
    const bool asks = !arguments.has(help_option.name) && !arguments.has(bare_option.name);
    if (grammar.projects_profile && arguments.operands() == 0 && asks)
        name = HEARTH_TRY(projects_profile(invocation));
    if (!name.empty()) {
        std::vector<std::string_view> words(found.rest.begin(), found.rest.end());
        words.emplace_back(name);
        return Arguments::parse(grammar, words);
    }
    if (arguments.has(help_option.name) || arguments.operands() >= grammar.least) return arguments;
    return std::unexpected(Error{Remedy::usage,
                                 "no profile is named, neither here nor by a project's file",
                                 "hearth " + std::string(found.command->name) + " --help"});
}

bool has_bare(const Command& command) {
    return std::ranges::find(command.grammar.options, bare_option.name, &Option::name) !=
           command.grammar.options.end();
}

// Why the arguments are not what the command takes.
Error not_understood(const Found& found, Error error) {
    const std::string name(found.command->name);
    error.hint = "hearth " + name + " --help";
    const auto end = std::ranges::find(found.rest, "--");
    if (has_bare(*found.command) || std::find(found.rest.begin(), end, bare_option.name) == end)
        return error;
    std::string others;
    for (const auto* command : all) {
        if (has_bare(*command)) others.append(others.empty() ? "" : ", ").append(command->name);
    }
    return {Remedy::usage, "hearth " + name + " has no --bare, which is for one given credential",
            "--bare goes with: " + others};
}

ExitStatus run_command(const Found& found, Invocation& invocation) {
    auto grammar = found.command->grammar;
    if (grammar.projects_profile) grammar.least = 0;
    auto arguments = Arguments::parse(grammar, found.rest);
    if (!arguments) return invocation.terminal.fail(not_understood(found, arguments.error()));
    if (arguments->has(non_interactive_option.name)) invocation.non_interactive = true;
    std::string named;
    arguments = completed(*arguments, found, invocation, named);
    if (!arguments) return invocation.terminal.fail(arguments.error());
    if (arguments->has(help_option.name)) {
        invocation.terminal.out(help_of(*found.command));
        return invocation.terminal.end();
    }
    return found.command->run(*arguments, invocation);
}

bool is_help(std::string_view word) { return word == "--help" || word == "-h" || word == "help"; }

ExitStatus run_without_command(Words words, Invocation& invocation) {
    auto& terminal = invocation.terminal;
    if (words.empty()) {
        terminal.words(general_help());
        return ExitStatus::usage;
    }
    if (words[0] == "--version") {
        terminal.out("hearth " HEARTH_VERSION "\n");
    } else if (is_help(words[0])) {
        const auto about = words.subspan(1);
        const auto text = about.empty() ? general_help() : help_about(about);
        if (text.empty()) return terminal.fail(unknown_command(about));
        terminal.out(text);
    } else if (words.size() > 1 && is_help(words[1]) && !help_about(words.first(1)).empty()) {
        terminal.out(help_about(words.first(1)));
    } else {
        return terminal.fail(unknown_command(words));
    }
    return terminal.end();
}

}  // namespace

std::span<const Command* const> commands() noexcept { return all; }

ExitStatus run(Words words, const Environment& environment) {
    Terminal terminal(environment);
    Invocation invocation{.environment = environment, .terminal = terminal};
    sources::keep_from_children(environment);
    // What goes before the command is the command's as well.
    std::vector<std::string_view> rest;
    for (; !words.empty(); words = words.subspan(1)) {
        if (words[0] == non_interactive_option.name) {
            invocation.non_interactive = true;
        } else if (words[0] == bare_option.name) {
            rest.assign(1, bare_option.name);
        } else {
            break;
        }
    }
    auto found = find(words);
    if (found.command == nullptr) return run_without_command(words, invocation);
    rest.insert(rest.end(), found.rest.begin(), found.rest.end());
    found.rest = rest;
    return run_command(found, invocation);
}

}  // namespace hearth::cli
