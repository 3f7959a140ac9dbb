#include <array>

#include "cli/commands.hpp"
#include "cli/escape.hpp"
#include "cli/prompt.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{json_option};

constexpr std::chrono::seconds stop_limit{15};
constexpr std::size_t longest_passphrase = 4096;

using AgentArguments = Format;

Result<AgentArguments> parse(const Arguments& arguments) { return format_of(arguments); }

Result<> refuse_agentless(const Invocation& invocation) {
    if (!invocation.agentless()) return {};
    return std::unexpected(Error{Remedy::usage,
                                 "this is about an agent, and HEARTH_NO_AGENT is set",
                                 "unset HEARTH_NO_AGENT"});
}

std::string number(const JsonView& value) { return std::to_string(value.number().value_or(0)); }

Result<> show(const Message& answer, Format format, Terminal& terminal) {
    if (format == Format::json) {
        print_json(terminal, answer);
        return {};
    }
    const auto& agent = answer.body;
    terminal.out("running since " + escaped(agent["since"].text()) + ", process " +
                 number(agent["pid"]) + ", version " + escaped(agent["version"].text()) + "\n" +
                 number(agent["sessions"]) + " sessions, " + number(agent["connections"]) +
                 " connections\n");
    return {};
}

Result<> start(const AgentArguments& format, Invocation& invocation) {
    HEARTH_CHECK(refuse_agentless(invocation));
    Request request("agent_status");
    const auto answer = HEARTH_TRY(ask_once(invocation, request));
    if (format == Format::json) return show(answer, format, invocation.terminal);
    invocation.terminal.words("The agent runs: process " + number(answer.body["pid"]) + ".\n");
    return {};
}

Result<> status(const AgentArguments& format, Invocation& invocation) {
    auto client = HEARTH_TRY(Client::open(invocation, Reach::running));
    Request request("agent_status");
    return show(HEARTH_TRY(client.ask(request)), format, invocation.terminal);
}

// Absent when none runs, which is what stop and lock want anyway.
Result<std::optional<Client>> running(Invocation& invocation) {
    HEARTH_CHECK(refuse_agentless(invocation));
    const auto found = HEARTH_TRY(places(invocation.environment));
    if (!HEARTH_TRY(connect_agent(found))) {
        invocation.terminal.words("No agent is running.\n");
        return std::nullopt;
    }
    return HEARTH_TRY(Client::open(invocation, Reach::running));
}

Result<> stop(const AgentArguments& /*format*/, Invocation& invocation) {
    auto client = HEARTH_TRY(running(invocation));
    if (!client) return {};
    Request request("agent_stop");
    (void)HEARTH_TRY(client->ask(request));
    // It closes its connections when it ends; what it has begun it brings to an end first.
    while (HEARTH_TRY(client->connection().receive(stop_limit))) {
    }
    return {};
}

Result<> metrics(const AgentArguments& /*format*/, Invocation& invocation) {
    auto client = HEARTH_TRY(Client::open(invocation, Reach::running));
    Request request("metrics");
    const auto answer = HEARTH_TRY(client.ask(request));
    invocation.terminal.out(answer.body["text"].text());
    return {};
}

Result<> lock(const AgentArguments& /*format*/, Invocation& invocation) {
    auto client = HEARTH_TRY(running(invocation));
    if (!client) return {};
    Request request("lock");
    (void)HEARTH_TRY(client->ask(request));
    return {};
}

// The first line of stdin.
Result<Secret> read_passphrase() {
    const auto input = HEARTH_TRY(read_input(longest_passphrase));
    auto line = input.reveal().substr(0, input.reveal().find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty())
        return std::unexpected(
            Error{Remedy::store_locked, "the store needs a passphrase, and stdin has none",
                  "type hearth agent unlock at a terminal, or pass it to stdin"});
    return Secret(line);
}

Result<> unlock(const AgentArguments& /*format*/, Invocation& invocation) {
    HEARTH_CHECK(refuse_agentless(invocation));
    auto client = HEARTH_TRY(Client::open(invocation, Reach::start));
    // Without a passphrase first: a keychain asks for its own, and some stores need none.
    Request request("unlock");
    HEARTH_CHECK(client.send(request));
    const auto answer = HEARTH_TRY(client.next());
    if (answer.kind == Message::Kind::ok) return {};
    const auto needed = needs(answer);
    // The desktop has been asked.
    if (needed.empty() || needed == "desktop") return std::unexpected(answer.error());
    if (client.presence() == Presence::person) return client.unlock(answer);
    if (invocation.terminal.reads_keys()) return std::unexpected(answer.error());
    const auto passphrase = HEARTH_TRY(read_passphrase());
    Request unlocking("unlock");
    unlocking.secret("passphrase", passphrase);
    HEARTH_CHECK(client.send(unlocking));
    const auto end = HEARTH_TRY(client.next());
    if (end.kind == Message::Kind::ok) return {};
    return std::unexpected(end.error());
}

}  // namespace

constexpr Command agent_start_command{
    .name = "agent start",
    .summary = "start the agent, which other commands do by themselves",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = options},
    .details = "Starts the agent when none runs. Every command that needs one does so too.",
    .examples = "hearth agent start",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, start);
    }};

constexpr Command agent_stop_command{
    .name = "agent stop",
    .summary = "let the agent finish what it has begun, and end it",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = {}},
    .details = "Ends the agent when one runs, and waits until it is gone. Nobody is signed out.",
    .examples = "hearth agent stop",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, stop);
    }};

constexpr Command agent_status_command{
    .name = "agent status",
    .summary = "say whether the agent runs",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = options},
    .details = "Tells of the agent that runs; ends with 1 when there is none, and starts none.",
    .examples = "hearth agent status\nhearth agent status --json",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, status);
    }};

constexpr Command agent_metrics_command{
    .name = "agent metrics",
    .summary = "print the agent's numbers for Prometheus",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = {}},
    .details =
        "Prints what the agent counts in Prometheus' text format, for a file that a collector\n"
        "reads. Ends with 1 when no agent runs, and starts none.",
    .examples = "hearth agent metrics >hearth.prom.new && mv hearth.prom.new hearth.prom",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, metrics);
    }};

constexpr Command agent_lock_command{
    .name = "agent lock",
    .summary = "make the agent forget its sessions and the store's key",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = {}},
    .details = "Locks the store and forgets every session that is in memory, until it is unlocked.",
    .examples = "hearth agent lock",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, lock);
    }};

constexpr Command agent_unlock_command{
    .name = "agent unlock",
    .summary = "open the store, with its passphrase where it has one",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = {}},
    .details =
        "Opens the store for the agent. A passphrase is asked for at the terminal, or read from\n"
        "stdin when that is none.",
    .examples = "hearth agent unlock\nhearth agent unlock <passphrase-file",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, unlock);
    }};

}  // namespace hearth::cli
