#include <array>

#include "cli/commands.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{Option{"--follow", "", "go on until interrupted; what happens anyway"},
                             Option{"--json", "", "what happens anyway"}};

struct EventsArguments {};

Result<EventsArguments> parse(const Arguments& /*arguments*/) { return EventsArguments{}; }

Result<> run(const EventsArguments& /*arguments*/, Invocation& invocation) {
    if (invocation.agentless())
        return std::unexpected(Error{Remedy::usage,
                                     "events come from an agent, and HEARTH_NO_AGENT is set",
                                     "unset HEARTH_NO_AGENT"});
    auto client = HEARTH_TRY(Client::open(invocation, Reach::start));
    Request request("events");
    HEARTH_CHECK(client.send(request));
    for (;;) {
        // However long nothing happens: poll takes a negative span as no limit.
        auto line = HEARTH_TRY(client.connection().line(std::chrono::milliseconds(-1)));
        const auto message = HEARTH_TRY(Message::parse(std::move(line)));
        if (message.kind == Message::Kind::error) return std::unexpected(message.error());
        if (message.kind == Message::Kind::ok) return {};
        print_json(invocation.terminal, message);
        if (invocation.terminal.end() != ExitStatus::done) return {};
    }
}

}  // namespace

constexpr Command events_command{
    .name = "events",
    .summary = "print what happens to the sessions, as JSON lines",
    .grammar = {.operands = "", .least = 0, .most = 0, .options = options},
    .details =
        "Prints one JSON object for each thing that happens: a renewal, a "
        "sign-in, a failure. Goes\n"
        "on until it is interrupted or the agent ends.",
    .examples = "hearth events --follow",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
