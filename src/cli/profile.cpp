#include <array>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

using Setting = std::pair<std::string, std::string>;

constexpr std::array add_options{
    Option{"--provider", "P", "aws, claude or oidc"},
    Option{"--issuer", "URL", "oidc: the provider's address"},
    Option{"--client-id", "ID", "the client id that the provider issued to you"},
    Option{"--scope", "S", "ask for this scope; may be repeated"},
    Option{"--set", "KEY=VALUE", "any other key of a profile in config.toml; may be repeated"},
    json_option};
constexpr std::array plain_options{json_option};

struct ProfileAddArguments {
    ProfileName name;
    std::string provider;
    std::vector<Setting> settings;
    Format format;
};

Result<ProfileAddArguments> parse_add(const Arguments& arguments) {
    const auto provider = arguments.value("--provider");
    if (!provider)
        return std::unexpected(Error{Remedy::usage, "--provider is missing",
                                     "--provider oidc --issuer URL, or --provider claude"});
    ProfileAddArguments parsed{.name = HEARTH_TRY(profile_operand(arguments)),
                               .provider = std::string(*provider),
                               .settings = {},
                               .format = format_of(arguments)};
    if (const auto issuer = arguments.value("--issuer"))
        parsed.settings.emplace_back("issuer", *issuer);
    if (const auto id = arguments.value("--client-id"))
        parsed.settings.emplace_back("client_id", *id);
    for (const auto scope : arguments.values("--scope"))
        parsed.settings.emplace_back("scope", scope);
    for (const auto setting : arguments.values("--set")) {
        const auto equals = setting.find('=');
        if (equals == 0 || equals == std::string_view::npos)
            return std::unexpected(
                Error{Remedy::usage, "--set needs KEY=VALUE", "--set refresh_before=10m"});
        parsed.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return parsed;
}

Result<> add(const ProfileAddArguments& arguments, Invocation& invocation) {
    Request request("profile_add");
    request.text("name", arguments.name.text()).text("provider", arguments.provider);
    request.pairs("settings", arguments.settings);
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    if (arguments.format == Format::json) {
        print_json(invocation.terminal, answer);
    } else if (const auto missing = answer.body["missing"].text(); !missing.empty()) {
        // It is there, but cannot be used yet.
        invocation.terminal.words("Added, but " + escaped(missing) +
                                  ".\nhint: " + escaped(answer.body["hint"].text()) + "\n");
    } else {
        invocation.terminal.words("Added. To sign in: hearth login " + arguments.name.text() +
                                  "\n");
    }
    return {};
}

Result<Format> parse_list(const Arguments& arguments) { return format_of(arguments); }

Result<> list(const Format& format, Invocation& invocation) {
    Request request("profile_list");
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    if (format == Format::json) {
        print_json(invocation.terminal, answer);
        return {};
    }
    const auto profiles = answer.body["profiles"].items();
    if (profiles.empty()) {
        invocation.terminal.words("There is no profile yet. hearth profile add --help\n");
        return {};
    }
    Table table;
    table.row({{.text = "PROFILE"}, {.text = "PROVIDER"}, {.text = "ISSUER"}});
    for (const auto& profile : profiles)
        table.row({{.text = profile["name"].text()},
                   {.text = profile["provider"].text()},
                   {.text = profile["issuer"].text()}});
    invocation.terminal.out(table.rendered(0, {}));
    return {};
}

struct ProfileArguments {
    ProfileName name;
    Format format;
};

Result<ProfileArguments> parse_one(const Arguments& arguments) {
    return ProfileArguments{.name = HEARTH_TRY(profile_operand(arguments)),
                            .format = format_of(arguments)};
}

Result<> show(const ProfileArguments& arguments, Invocation& invocation) {
    Request request("profile_show");
    request.text("name", arguments.name.text());
    const auto answer = HEARTH_TRY(ask_once(invocation, request, arguments.name.text()));
    if (arguments.format == Format::json) {
        print_json(invocation.terminal, answer);
        return {};
    }
    if (const auto fingerprint = answer.body["fingerprint"].text(); !fingerprint.empty())
        invocation.terminal.out("# holds the API key " + escaped(fingerprint) + "\n");
    for (const auto& setting : answer.body["settings"].items()) {
        const auto pair = setting.items();
        if (pair.size() == 2)
            invocation.terminal.out(escaped(pair[0].text()) + " = " + escaped(pair[1].text()) +
                                    "\n");
    }
    return {};
}

Result<> remove(const ProfileArguments& arguments, Invocation& invocation) {
    Request request("profile_remove");
    request.text("name", arguments.name.text());
    const auto answer = HEARTH_TRY(ask_once(invocation, request, arguments.name.text()));
    if (arguments.format == Format::json) print_json(invocation.terminal, answer);
    return {};
}

}  // namespace

constexpr Command profile_add_command{
    .name = "profile add",
    .summary = "give an account a name, and say how to sign in to it",
    .grammar = {.operands = "NAME", .least = 1, .most = 1, .options = add_options},
    .details =
        "Adds a profile to config.toml. A client secret does not belong on a command line: write\n"
        "client_secret into the file.",
    .examples =
        "hearth profile add work --provider oidc --issuer https://login.example.com\n"
        "hearth profile add work --provider oidc --issuer https://login.example.com \\\n"
        "  --client-id YOUR_CLIENT_ID --scope openid --scope offline_access\n"
        "hearth profile add claude --provider claude --set refresh_before=10m",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse_add, add);
    }};

constexpr Command profile_list_command{
    .name = "profile list",
    .summary = "list the profiles there are",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = plain_options},
    .details = "Lists the profiles of config.toml; hearth status says how they are.",
    .examples = "hearth profile list\nhearth profile list --json",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse_list, list);
    }};

constexpr Command profile_show_command{
    .name = "profile show",
    .summary = "show the settings of a profile",
    .grammar = {.operands = "NAME", .least = 1, .most = 1, .options = plain_options},
    .details =
        "Prints what config.toml sets for a profile, and the fingerprint of the API key that it\n"
        "holds, if that is what it was given.",
    .examples = "hearth profile show work",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse_one, show);
    }};

constexpr Command profile_remove_command{
    .name = "profile remove",
    .summary = "remove a profile and its session",
    .grammar = {.operands = "NAME", .least = 1, .most = 1, .options = plain_options},
    .details =
        "Removes the profile from config.toml and erases its session, unless another profile\n"
        "rests on it. To tell the provider too, sign out first: hearth logout NAME.",
    .examples = "hearth profile remove work",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse_one, remove);
    }};

}  // namespace hearth::cli
