#include <array>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{json_option};

struct ConfigArguments {
    std::string key;
    std::string value;  // Of `set` alone.
    Format format;
};

Result<ConfigArguments> parse(const Arguments& arguments) {
    return ConfigArguments{.key = std::string(arguments.operand(0)),
                           .value = std::string(arguments.operand(1)),
                           .format = format_of(arguments)};
}

Result<> print(Request& request, Format format, Invocation& invocation) {
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    if (format == Format::json) {
        print_json(invocation.terminal, answer);
    } else if (const auto value = answer.body["value"]; value.is_text()) {
        invocation.terminal.out(escaped(value.text()) + "\n");
    } else {
        invocation.terminal.out(std::string(value.raw()) + "\n");
    }
    return {};
}

Result<> get(const ConfigArguments& arguments, Invocation& invocation) {
    Request request("config_get");
    request.text("key", arguments.key);
    return print(request, arguments.format, invocation);
}

Result<> set(const ConfigArguments& arguments, Invocation& invocation) {
    Request request("config_set");
    request.text("key", arguments.key).text("value", arguments.value);
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    if (arguments.format == Format::json) print_json(invocation.terminal, answer);
    return {};
}

}  // namespace

constexpr Command config_get_command{
    .name = "config get",
    .summary = "print a setting",
    .grammar = {.operands = "KEY", .least = 1, .most = 1, .options = options},
    .details = "Prints the value of a setting, the default where config.toml says nothing.",
    .examples = "hearth config get store.kind",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, get);
    }};

constexpr Command config_set_command{
    .name = "config set",
    .summary = "change a setting",
    .grammar = {.operands = "KEY VALUE", .least = 2, .most = 2, .options = options},
    .details = "Writes a setting into config.toml, and leaves its comments and its order alone.",
    .examples =
        "hearth config set store.kind sealed\n"
        "hearth config set profiles.work.refresh_before 10m",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, set);
    }};

}  // namespace hearth::cli
