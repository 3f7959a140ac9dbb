#include "cli/help.hpp"

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/escape.hpp"

namespace hearth::cli {
namespace {

constexpr std::string_view exit_statuses =
    "Exit statuses:\n"
    "  0 done                 1 failed                       2 usage\n"
    "  3 sign-in needed       4 provider unreachable         5 keychain locked or absent\n"
    "  6 refused by policy\n";

std::string joined(Words words) {
    std::string text;
    for (const auto word : words) text.append(text.empty() ? "" : " ").append(word);
    return text;
}

// "  left            right", the right side's own lines indented alike.
std::string entry(std::string_view left, std::string_view right, std::size_t indent) {
    std::string text = "  " + std::string(left);
    text.append(indent > text.size() + 1 ? indent - text.size() : 2, ' ');
    for (const char c : right) {
        text += c;
        if (c == '\n') text.append(indent, ' ');
    }
    return text + "\n";
}

std::string spelled(const Option& option) {
    std::string text(option.name);
    if (!option.value.empty()) text.append(" ").append(option.value);
    return text;
}

std::string usage(const Command& command) {
    std::string text = "hearth " + std::string(command.name);
    if (!command.grammar.operands.empty()) text.append(" ").append(command.grammar.operands);
    for (const auto& option : command.grammar.options) text += " [" + spelled(option) + "]";
    return text;
}

std::string indented(std::string_view lines) {
    std::string text = "  ";
    for (const char c : lines) {
        text += c;
        if (c == '\n') text += "  ";
    }
    return text + "\n";
}

std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < right.size(); ++j) {
            const auto changed = diagonal + (left[i] == right[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string general_help() {
    std::string text =
        "hearth: sign in once, and every program on this machine has a fresh token.\n\n"
        "usage: hearth [--non-interactive] [--bare] COMMAND [ARGUMENTS]\n\n"
        "Commands:\n";
    for (const auto* command : commands()) text += entry(command->name, command->summary, 20);
    text +=
        "\nTo begin:\n"
        "  hearth profile add work --provider oidc --issuer https://login.example.com\n"
        "  hearth login work\n"
        "  curl -H \"Authorization: Bearer $(hearth token work)\" https://api.example.com/\n"
        "\nOptions of every command:\n";
    text += entry("--help", "show what a command does and takes", 20);
    text += entry("--non-interactive",
                  "never ask, never open a browser or a keychain dialog; the rule\n"
                  "without a terminal and with CI=true, for every command but login",
                  20);
    text += entry("--version", "print the version", 20);
    text +=
        "\nVariables: HEARTH_HOME keeps everything below one folder; HEARTH_NO_AGENT=1 asks and\n"
        "starts no agent; BROWSER is what login opens; NO_COLOR leaves colours out.\n\n";
    return text += exit_statuses;
}

std::string help_of(const Command& command) {
    std::string text = "usage: " + usage(command) + "\n\n";
    text.append(command.details).append("\n\nOptions:\n");
    for (const auto& option : command.grammar.options)
        text += entry(spelled(option), option.meaning, 24);
    text += entry(non_interactive_option.name, non_interactive_option.meaning, 24);
    text += entry(help_option.name, help_option.meaning, 24);
    text += "\nExamples:\n" + indented(command.examples) + "\n";
    return text += exit_statuses;
}

std::string help_about(Words words) {
    const auto name = joined(words);
    std::string text;
    for (const auto* command : commands()) {
        if (command->name == name) return help_of(*command);
        if (!command->name.starts_with(name + " ")) continue;
        if (text.empty()) text = "usage: hearth " + name + " COMMAND\n\n";
        text +=
            entry(usage(*command), "", 0) + entry("    " + std::string(command->summary), "", 0);
    }
    if (!text.empty()) text += "\nhearth " + name + " COMMAND --help tells more about each.\n";
    return text;
}

Error unknown_command(Words words) {
    const auto name = joined(words.first(std::min<std::size_t>(words.size(), 2)));
    if (!help_about(words.first(1)).empty())
        return Error{Remedy::usage, "'" + name + "' is no whole command",
                     "hearth " + std::string(words[0]) + " --help"};
    std::string_view nearest;
    std::size_t best = 3;
    for (const auto* command : commands()) {
        for (const auto& typed : {std::string(words[0]), name}) {
            const auto far = distance(typed, command->name);
            if (far < best) {
                best = far;
                nearest = command->name;
            }
        }
    }
    return Error{
        Remedy::usage, "there is no command '" + std::string(words[0]) + "'",
        nearest.empty() ? "hearth --help" : "did you mean hearth " + std::string(nearest) + "?"};
}

}  // namespace hearth::cli
