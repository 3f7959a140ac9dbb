#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/import_report.hpp"
#include "cli/import_survey.hpp"
#include "cli/import_taking.hpp"
#include "cli/prompt.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

using importing::Finding;
using importing::Tool;

constexpr std::array options{
    Option{"--dry-run", "", "show what is there, and change nothing"},
    Option{"--as", "NAME", "the profile that the one thing to import becomes"},
    Option{"--file", "FILE", "look at this file of the SOURCE instead; - is stdin"},
    Option{"--yes", "", "import all of it without being asked"}, json_option};

constexpr std::array all_tools{Tool::ant, Tool::aws, Tool::gcloud, Tool::gh, Tool::oidc_agent};

struct ImportArguments {
    std::vector<Tool> tools;
    std::optional<ProfileName> name;
    std::string file;  // Empty: the tools' own places.
    bool dry_run;
    bool yes;
    Format format;
};

Result<std::vector<Tool>> tools_in(const Arguments& arguments) {
    std::vector<Tool> tools;
    for (std::size_t place = 0; place < arguments.operands(); ++place) {
        const auto word = arguments.operand(place);
        const auto tool = importing::tool_called(word);
        if (!tool)
            return std::unexpected(Error{Remedy::usage,
                                         "hearth imports nothing from '" + std::string(word) + "'",
                                         "one of ant, aws, gcloud, gh and oidc-agent"});
        if (std::ranges::find(tools, *tool) == tools.end()) tools.push_back(*tool);
    }
    if (tools.empty()) tools.assign(all_tools.begin(), all_tools.end());
    return tools;
}

Result<ImportArguments> parse(const Arguments& arguments) {
    ImportArguments parsed{.tools = HEARTH_TRY(tools_in(arguments)),
                           .name = {},
                           .file = {},
                           .dry_run = arguments.has("--dry-run"),
                           .yes = arguments.has("--yes"),
                           .format = format_of(arguments)};
    if (const auto name = arguments.value("--as"))
        parsed.name = HEARTH_TRY(ProfileName::parse(*name));
    if (const auto file = arguments.value("--file")) parsed.file = *file;
    if (arguments.has("--file") && (parsed.file.empty() || parsed.tools.size() != 1))
        return std::unexpected(Error{Remedy::usage, "--file goes with one SOURCE that it is of",
                                     "hearth import oidc-agent --file FILE"});
    return parsed;
}

std::vector<const Finding*> importable(const std::vector<Finding>& findings) {
    std::vector<const Finding*> offers;
    for (const auto& finding : findings)
        if (finding.offer) offers.push_back(&finding);
    return offers;
}

// --as is for one thing alone.
Result<> rename(const ImportArguments& arguments, std::vector<Finding>& findings) {
    const auto count = importable(findings).size();
    if (!arguments.name) return {};
    if (count > 1)
        return std::unexpected(Error{
            Remedy::usage,
            "--as names one profile, and there are " + std::to_string(count) + " things to import",
            "name the SOURCE, or its --file"});
    for (auto& finding : findings)
        if (finding.offer) finding.name = arguments.name->text();
    return {};
}

Result<> agree(const ImportArguments& arguments, Invocation& invocation, std::size_t count) {
    if (arguments.yes) return {};
    if (invocation.presence() != Presence::person)
        return std::unexpected(Error{Remedy::refused,
                                     "nothing is imported, for nobody is there to be asked",
                                     "hearth import at a terminal, or with --yes"});
    const auto question = count == 1
                              ? std::string("Import it? [y/N] ")
                              : "Import the " + std::to_string(count) + " that can be? [y/N] ";
    if (consents(invocation.terminal, question)) return {};
    return std::unexpected(Error{Remedy::refused, "nothing is imported, as you wanted", ""});
}

// Goes on after a failure, which is told at once; the first one counts.
std::optional<Error> take_all(const std::vector<const Finding*>& offers, Invocation& invocation,
                              Client& client, std::vector<Imported>& done) {
    std::optional<Error> first;
    for (const auto* const finding : offers) {
        if (!finding->offer) continue;
        auto imported = take(client, *finding, *finding->offer);
        if (imported.failure) {
            if (first) (void)invocation.terminal.fail(*imported.failure);
            if (!first) first = imported.failure;
        } else {
            Terminal::words(told(imported));
        }
        done.push_back(std::move(imported));
    }
    return first;
}

Result<std::vector<Finding>> found_by(const ImportArguments& arguments,
                                      const Invocation& invocation) {
    if (!arguments.file.empty()) return survey_file(arguments.tools.front(), arguments.file);
    return survey(invocation.environment, arguments.tools);
}

Result<> run(const ImportArguments& arguments, Invocation& invocation) {
    auto findings = HEARTH_TRY(found_by(arguments, invocation));
    HEARTH_CHECK(rename(arguments, findings));
    const auto offers = importable(findings);
    auto& terminal = invocation.terminal;
    const auto print = [&](const std::vector<Imported>& imported) {
        if (arguments.format == Format::json) terminal.out(json_of(findings, imported));
    };
    if (arguments.dry_run) {
        if (arguments.format == Format::text) terminal.out(list_of(findings));
        if (findings.empty()) Terminal::words("Nothing of another tool was found.\n");
        print({});
        return {};
    }
    Terminal::words(list_of(findings));
    if (offers.empty()) {
        print({});
        return std::unexpected(
            Error{Remedy::failed, "there is nothing that hearth can import",
                  findings.empty() ? "hearth login signs in to hearth itself" : ""});
    }
    HEARTH_CHECK(agree(arguments, invocation, offers.size()));
    auto client = HEARTH_TRY(Client::open(invocation, Reach::start));
    std::vector<Imported> imported;
    const auto failure = take_all(offers, invocation, client, imported);
    print(imported);
    if (failure) return std::unexpected(*failure);
    return {};
}

}  // namespace

constexpr Command import_command{
    .name = "import",
    .summary = "take over what another tool has signed in to",
    .grammar = {.operands = "[SOURCE...]",
                .least = 0,
                .most = importing::tools,
                .options = options},
    .details =
        "Looks at what ant, the AWS CLI, gcloud, gh and oidc-agent keep, says what is there, and\n"
        "imports what hearth can hold once you agree. SOURCE is ant, aws, gcloud, gh or\n"
        "oidc-agent; all of them without one. Nothing of theirs is changed or deleted.\n"
        "Where a refresh token is then held by two programs, hearth says how the other one is\n"
        "made to forget it.",
    .examples =
        "hearth import --dry-run\n"
        "hearth import ant --as claude\n"
        "oidc-gen --print work | hearth import oidc-agent --file - --yes",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
