#pragma once

#include <string>
#include <string_view>

#include "cli/arguments.hpp"
#include "cli/client.hpp"
#include "cli/exit_status.hpp"
#include "cli/invocation.hpp"
#include "core/name.hpp"

namespace hearth::cli {

// One subcommand: what it is called, what it takes, what the help says, what it does.
struct Command {
    std::string_view name;  // "token", "profile add"
    std::string_view summary;
    Grammar grammar;
    std::string_view details;   // Paragraphs, lines broken by hand.
    std::string_view examples;  // Lines to type.
    ExitStatus (*run)(const Arguments& arguments, Invocation& invocation);
};

enum class Format : std::uint8_t { text, json };
inline Format format_of(const Arguments& arguments) noexcept {
    return arguments.has(json_option.name) ? Format::json : Format::text;
}

// One profile's name, as an operand. Remedy::usage when it cannot be one.
Result<ProfileName> profile_operand(const Arguments& arguments);

// Parses the arguments and runs with them; a failure of either is told on stderr.
template <class Parsed>
ExitStatus run_with(const Arguments& arguments, Invocation& invocation,
                    Result<Parsed> (*parse)(const Arguments&),
                    Result<> (*run)(const Parsed&, Invocation&)) {
    auto parsed = parse(arguments);
    if (!parsed) return invocation.terminal.fail(parsed.error());
    if (const auto result = run(*parsed, invocation); !result)
        return invocation.terminal.fail(result.error());
    return invocation.terminal.end();
}

// The agent's answer to one request on a connection of its own.
Result<Message> ask_once(Invocation& invocation, Request& request,
                         const std::string& prefetch = {});

// The profile that the project's file names where none is given; empty when nothing does.
Result<std::string> projects_profile(Invocation& invocation);

// The answer as it came, on a line of stdout.
void print_json(Terminal& terminal, const Message& answer);

// A token alone on a line of stdout, in one piece, so that a reader never sees half of it.
void print_token(Terminal& terminal, std::string_view token);
// The token that an answer holds, or the answer as it came.
Result<> print_token(Terminal& terminal, const Message& answer, Format format);

}  // namespace hearth::cli
