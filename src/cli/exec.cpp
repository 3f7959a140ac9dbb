#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/credential_helper.hpp"
#include "cli/escape.hpp"
#include "cli/exec_environment.hpp"
#include "cli/exec_folder.hpp"
#include "cli/foreground.hpp"
#include "cli/held_endpoint.hpp"
#include "cli/own_credential.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

struct ExecArguments {
    std::vector<ProfileName> profiles;
    std::vector<std::string> command;
};

Result<ExecArguments> parse(const Arguments& arguments) {
    const auto profiles = arguments.before_dashes();
    if (!profiles || *profiles == arguments.operands()) {
        return std::unexpected(Error{Remedy::usage, "no command is given; it stands behind --",
                                     "hearth exec PROFILE -- COMMAND"});
    }
    ExecArguments parsed;
    for (std::size_t i = 0; i < *profiles; ++i)
        parsed.profiles.push_back(HEARTH_TRY(ProfileName::parse(arguments.operand(i))));
    for (std::size_t i = *profiles; i < arguments.operands(); ++i)
        parsed.command.emplace_back(arguments.operand(i));
    return parsed;
}

// A profile's settings as far as they matter here.
struct Known {
    ProfileName name;
    std::string provider;
    std::string base_url;
    std::string project;
    std::string quota_project;
};

Result<Known> look_up(Invocation& invocation, const ProfileName& name) {
    Request request("profile_show");
    request.text("name", name.text());
    const auto answer = HEARTH_TRY(ask_once(invocation, request, name.text()));
    Known known{.name = name, .provider = {}, .base_url = {}, .project = {}, .quota_project = {}};
    const std::array<std::pair<std::string_view, std::string*>, 4> wanted{
        {{"provider", &known.provider},
         {"base_url", &known.base_url},
         {"project", &known.project},
         {"quota_project", &known.quota_project}}};
    for (const auto& setting : answer.body["settings"].items()) {
        const auto pair = setting.items();
        if (pair.size() != 2) continue;
        const auto place =
            std::ranges::find(wanted, pair[0].text(), [](const auto& one) { return one.first; });
        if (place != wanted.end()) *place->second = pair[1].text();
    }
    return known;
}

// A program reads one credential of each kind from its environment, and none that is like any.
Result<> refuse_what_programs_cannot_read(const Known& known, const std::vector<Known>& before) {
    constexpr std::array<std::string_view, 3> read{"aws", "claude", "google"};
    if (std::ranges::find(read, known.provider) == read.end()) {
        return std::unexpected(Error{
            Remedy::usage,
            known.name.text() + ": no variable is known that programs read such a token from",
            "let the command ask: hearth token " + known.name.text() + ", or hearth headers"});
    }
    const auto same = std::ranges::find(before, known.provider, &Known::provider);
    if (same == before.end()) return {};
    return std::unexpected(Error{Remedy::usage,
                                 same->name.text() + " and " + known.name.text() + " are both of " +
                                     known.provider + ", and a program reads one of each kind",
                                 "name one of them"});
}

Result<std::vector<Known>> look_up_all(const ExecArguments& arguments, Invocation& invocation) {
    auto names = arguments.profiles;
    if (names.empty()) {
        const auto name = HEARTH_TRY(projects_profile(invocation));
        if (name.empty()) {
            return std::unexpected(
                Error{Remedy::usage, "no profile is named, neither here nor by a project's file",
                      "hearth exec PROFILE -- COMMAND"});
        }
        names.push_back(HEARTH_TRY(ProfileName::parse(name)));
    }
    std::vector<Known> all;
    for (const auto& name : names) {
        auto known = HEARTH_TRY(look_up(invocation, name));
        HEARTH_CHECK(refuse_what_programs_cannot_read(known, all));
        all.push_back(std::move(known));
    }
    return all;
}

Result<std::vector<Variable>> claude_credential(Invocation& invocation, const Known& known) {
    Request request("token");
    request.text("profile", known.name.text());
    offer(invocation, request);
    const auto answer = HEARTH_TRY(ask_with_helper(invocation, request, known.name.text()));
    if (answer.refresh) run_helper_behind(known.name.text());
    const auto& told = answer.message.body;
    const auto own = HEARTH_TRY(own_credential(invocation, answer.message));
    const auto token = own ? own->token.clone() : told["token"].secret();
    return claude_variables(told["token_type"].text(), token, known.base_url);
}

struct Prepared {
    std::vector<Variable> variables = variables_of_exec();
    std::vector<HeldEndpoint> endpoints;
    std::optional<ExecFolder> folder;

    void add(std::vector<Variable> more) {
        for (auto& one : more) variables.push_back(std::move(one));
    }
    [[nodiscard]] std::vector<int> descriptors() const {
        std::vector<int> all;
        all.reserve(endpoints.size());
        for (const auto& one : endpoints) all.push_back(one.descriptor());
        return all;
    }
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const {
        std::optional<std::chrono::milliseconds> shortest;
        for (const auto& one : endpoints) {
            const auto own = one.patience();
            if (own && (!shortest || *own < *shortest)) shortest = own;
        }
        return shortest;
    }
};

// Whether Claude programs are to use the cloud account: not where they are given their own.
enum class ForClaude : std::uint8_t { no, yes };

Result<> add_endpoint(Prepared& prepared, const Invocation& invocation, const Known& known,
                      ForClaude for_claude) {
    auto opened = HEARTH_TRY(HeldEndpoint::open(invocation, known.name.text()));
    const auto& endpoint = prepared.endpoints.emplace_back(std::move(opened));
    if (known.provider == "aws") {
        prepared.add(aws_variables(endpoint.door()));
        if (for_claude == ForClaude::yes) prepared.variables.push_back(claude_by_bedrock());
        return {};
    }
    prepared.folder.emplace(HEARTH_TRY(ExecFolder::make(invocation.environment)));
    const auto& environment = invocation.environment;
    auto unproxied = environment("no_proxy").value_or("");
    if (unproxied.empty()) unproxied = environment("NO_PROXY").value_or("");
    prepared.add(google_variables({.address = endpoint.address(),
                                   .folder = prepared.folder->path(),
                                   .project = known.project,
                                   .quota_project = known.quota_project,
                                   .unproxied = std::move(unproxied)}));
    if (for_claude == ForClaude::yes) prepared.add(claude_by_vertex(known.project));
    return {};
}

Result<Prepared> prepare(const ExecArguments& arguments, Invocation& invocation) {
    Prepared prepared;
    const auto profiles = HEARTH_TRY(look_up_all(arguments, invocation));
    const auto for_claude = profiles.size() == 1 ? ForClaude::yes : ForClaude::no;
    for (const auto& known : profiles) {
        if (known.provider == "claude") {
            prepared.add(HEARTH_TRY(claude_credential(invocation, known)));
        } else {
            HEARTH_CHECK(add_endpoint(prepared, invocation, known, for_claude));
        }
    }
    return prepared;
}

ExitStatus not_started(Terminal& terminal, const std::string& command, int problem) {
    constexpr auto not_executable = static_cast<ExitStatus>(126);
    constexpr auto not_found = static_cast<ExitStatus>(127);
    terminal.words("hearth: cannot start " + escaped(command) + ": " +
                   std::generic_category().message(problem) + "\n");
    return problem == ENOENT ? not_found : not_executable;
}

ExitStatus run(const Arguments& arguments, Invocation& invocation) {
    auto& terminal = invocation.terminal;
    const auto parsed = parse(arguments);
    if (!parsed) return terminal.fail(parsed.error());
    auto prepared = prepare(*parsed, invocation);
    if (!prepared) return terminal.fail(prepared.error());
    auto command = Foreground::start(parsed->command, prepared->variables);
    // What the command was given is its own from now on.
    prepared->variables.clear();
    if (!command) return not_started(terminal, parsed->command.front(), command.error());
    while (command->goes_on(prepared->descriptors(), prepared->patience())) {
        for (auto& one : prepared->endpoints) one.look();
    }
    // This process may end by a signal, and then no destructor runs.
    prepared->endpoints.clear();
    prepared->folder.reset();
    return command->take_after();
}

}  // namespace

constexpr Command exec_command{
    .name = "exec",
    .summary = "run a command with credentials that it reads by itself",
    .grammar = {.operands = "[PROFILE...] -- COMMAND [ARGUMENT...]",
                .least = 0,
                .most = std::numeric_limits<std::size_t>::max(),
                .options = {}},
    .details =
        "Runs the command with what its SDKs look for, and without any other credential of AWS,\n"
        "Google or Claude that this environment holds. For a profile of AWS or Google that is an\n"
        "address on this machine where the SDKs ask, again and again, for as long as the command\n"
        "runs; it ends with the command. For a Claude profile it is a token or a key in a\n"
        "variable, the same for all of the command's life. At most one profile of each kind.\n"
        "The exit status is the command's: 127 when it is not found, 126 when it cannot be\n"
        "started, and those below when hearth could not get that far.",
    .examples =
        "hearth exec deploy -- aws s3 ls\n"
        "hearth exec bedrock -- claude\n"
        "hearth exec vertex -- python3 train.py\n"
        "hearth exec claude deploy -- ./agent.py",
    .run = run};

}  // namespace hearth::cli
