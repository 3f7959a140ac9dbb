#include <array>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "cli/project.hpp"
#include "cli/prompt.hpp"
#include "cli/table.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{
    Option{"--yes", "", "agree without being asked; for scripts that know what they trust"}};
constexpr std::array plain_options{json_option};

struct TrustArguments {
    std::string folder;  // Empty: the nearest one.
    bool yes;
};

Result<TrustArguments> parse(const Arguments& arguments) {
    return TrustArguments{.folder = std::string(arguments.operand(0)),
                          .yes = arguments.has("--yes")};
}

Result<Project> wanted_project(const TrustArguments& arguments, const Invocation& invocation) {
    const bool here = arguments.folder.empty();
    auto project =
        here ? project_here(invocation.environment) : project_in(whole_path(arguments.folder));
    if (project) return *std::move(project);
    return std::unexpected(Error{Remedy::usage,
                                 here ? "there is no .hearth.toml in this folder, nor above it"
                                      : "there is no .hearth.toml in " + arguments.folder,
                                 "hearth trust FOLDER"});
}

// How many settings have the effect, in words.
std::string counted(const JsonView& shown, std::string_view effect, std::string_view one,
                    std::string_view many) {
    std::size_t count = 0;
    for (const auto& profile : shown["profiles"].items()) {
        for (const auto& setting : profile["settings"].items()) {
            const auto parts = setting.items();
            if (parts.size() == 3 && parts[2].text() == effect) ++count;
        }
    }
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string described(const JsonView& profile) {
    std::string text = "\nprofile " + escaped(profile["name"].text());
    if (profile["hidden"].flag()) text += ", behind your own of that name, which is used instead";
    text += "\n";
    for (const auto& setting : profile["settings"].items()) {
        const auto parts = setting.items();
        if (parts.size() != 3) continue;
        auto effect = escaped(parts[2].text());
        effect.resize(std::max<std::size_t>(effect.size(), 8), ' ');
        text += "  " + effect + "  " + escaped(parts[0].text()) + " = " + escaped(parts[1].text()) +
                "\n";
    }
    return text;
}

// What counts stands last, where it cannot be scrolled away.
std::string question_about(const JsonView& shown) {
    const auto folder = escaped(shown["folder"].text());
    std::string text = escaped(shown["file"].text());
    text += shown["trust"].text() == "changed" ? " has changed since you trusted it.\n"
                                               : " is not trusted yet.\n";
    text += "In " + folder + " and below it, hearth would have:\n";
    for (const auto& profile : shown["profiles"].items()) text += described(profile);
    if (const auto name = shown["profile"].text(); !name.empty())
        text += "\nWhere no profile is named, " + escaped(name) + " is meant.\n";
    text += "\nThat is " + counted(shown, "runs", "command", "commands") + " to run as you, " +
            counted(shown, "connects", "address", "addresses") +
            " to sign in at or send tokens to, and " +
            counted(shown, "reads", "file or variable", "files or variables") +
            " to read.\nTrust is in this text alone: not in the programs and files that it names, "
            "which may change.\n";
    return text;
}

Result<> agree(const TrustArguments& arguments, Invocation& invocation, const JsonView& shown) {
    invocation.terminal.words(question_about(shown));
    if (arguments.yes) return {};
    const auto folder = shown["folder"].text();
    if (invocation.presence() != Presence::person)
        return std::unexpected(Error{Remedy::refused,
                                     folder + " is not trusted, and nobody is there to be asked",
                                     "hearth trust " + folder + " at a terminal, or with --yes"});
    if (consents(invocation.terminal, "Trust it? [y/N] ")) return {};
    return std::unexpected(Error{Remedy::refused, folder + " is not trusted, as you wanted", ""});
}

Result<> run(const TrustArguments& arguments, Invocation& invocation) {
    auto project = HEARTH_TRY(wanted_project(arguments, invocation));
    auto client = HEARTH_TRY(Client::open(invocation, Reach::start));
    client.work_in(std::move(project));
    Request show("trust_show");
    const auto shown = HEARTH_TRY(client.ask(show));
    auto& terminal = invocation.terminal;
    const auto file = escaped(shown.body["file"].text());
    if (shown.body["trust"].text() == "trusted") {
        terminal.words(file + " is trusted as it is.\n");
        return {};
    }
    if (shown.body["profiles"].items().empty()) {
        terminal.words("Nothing in " + file + " needs to be trusted.\n");
        return {};
    }
    HEARTH_CHECK(agree(arguments, invocation, shown.body));
    // The same client, and so the bytes that were shown.
    Request add("trust_add");
    HEARTH_TRY(client.ask(add));
    terminal.words("Trusted: " + escaped(shown.body["folder"].text()) + "\n");
    return {};
}

Result<Format> parse_list(const Arguments& arguments) { return format_of(arguments); }

Result<> list(const Format& format, Invocation& invocation) {
    Request request("trust_list");
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    if (format == Format::json) {
        print_json(invocation.terminal, answer);
        return {};
    }
    const auto folders = answer.body["folders"].items();
    if (folders.empty()) {
        invocation.terminal.words("No folder is trusted.\n");
        return {};
    }
    Table table;
    table.row({{.text = "FOLDER"}, {.text = "SINCE"}, {.text = "PROFILES"}});
    for (const auto& folder : folders) {
        std::string names;
        for (const auto& profile : folder["profiles"].items())
            names += (names.empty() ? "" : ", ") + profile["name"].text();
        table.row({{.text = folder["folder"].text()},
                   {.text = folder["trusted_at"].text()},
                   {.text = names}});
    }
    invocation.terminal.out(table.rendered(0, {}));
    return {};
}

Result<> remove(const TrustArguments& arguments, Invocation& invocation) {
    Request request("trust_remove");
    request.text("folder", whole_path(arguments.folder));
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    invocation.terminal.words("Not trusted any more: " + escaped(answer.body["folder"].text()) +
                              "\n");
    return {};
}

}  // namespace

constexpr Command trust_command{
    .name = "trust",
    .summary = "let a project's .hearth.toml take effect, as it is now",
    .grammar = {.operands = "[FOLDER]", .least = 0, .most = 1, .options = options},
    .details =
        "Shows the profiles of a project's .hearth.toml with all that they run and connect to, "
        "and\n"
        "asks whether they may. Without FOLDER it is the nearest one: in this folder or above it,\n"
        "up to the home folder. Until then, and when the file has changed, its profiles are "
        "refused\n"
        "(exit status 6). hearth trust list and hearth trust remove tell more.",
    .examples = "hearth trust\nhearth trust ~/src/app --yes",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

constexpr Command trust_list_command{
    .name = "trust list",
    .summary = "list the projects' folders that are trusted",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = plain_options},
    .details = "Lists the folders that hearth trust was given for, and the profiles they have.",
    .examples = "hearth trust list\nhearth trust list --json",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse_list, list);
    }};

constexpr Command trust_remove_command{
    .name = "trust remove",
    .summary = "trust a folder no more, and erase its sessions",
    .grammar = {.operands = "FOLDER", .least = 1, .most = 1, .options = {}},
    .details =
        "Takes the folder's profiles out of hearth and erases what was signed in to in them, "
        "without\n"
        "telling the providers: hearth logout first where they should know. The folder need not "
        "be\n"
        "there any more.",
    .examples = "hearth trust remove ~/src/app",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, remove);
    }};

}  // namespace hearth::cli
