#include <poll.h>

#include <array>

#include "cli/commands.hpp"
#include "cli/status_view.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::array options{Option{"--watch", "", "draw it again whenever something happens"},
                             json_option};

struct StatusArguments {
    std::optional<ProfileName> profile;  // Absent: all.
    bool watch;
    Format format;
};

Result<StatusArguments> parse(const Arguments& arguments) {
    std::optional<ProfileName> profile;
    if (arguments.operands() > 0) profile = HEARTH_TRY(profile_operand(arguments));
    return StatusArguments{
        .profile = profile, .watch = arguments.has("--watch"), .format = format_of(arguments)};
}

Result<> draw(const StatusArguments& arguments, Client& client, Terminal& terminal) {
    Request request("status");
    if (arguments.profile) request.text("profile", arguments.profile->text());
    const auto answer = HEARTH_TRY(client.ask(request));
    if (arguments.format == Format::json) {
        print_json(terminal, answer);
        return {};
    }
    const bool shown = terminal.shows_output();
    // Home, and clear what is below: less flicker than clearing first.
    if (arguments.watch && shown) terminal.out("\x1b[H\x1b[J");
    terminal.out(status_text(answer.body, {.width = shown ? terminal.width() : 0,
                                           .colours = shown && terminal.colours()}));
    return {};
}

// Waits for an event, and takes those that have come with it. On a terminal no longer than a
// second: the spans shown run.
Result<> await_event(Client& events, bool ticking) {
    pollfd waiting{.fd = events.connection().descriptor(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, ticking ? 1000 : -1) <= 0) return {};
    if (!HEARTH_TRY(events.connection().receive(std::chrono::milliseconds(0))))
        return std::unexpected(Error{Remedy::failed, "the agent has ended", "hearth agent start"});
    while (auto line = events.connection().next()) {
        const auto message = HEARTH_TRY(Message::parse(*std::move(line)));
        if (message.kind == Message::Kind::error) return std::unexpected(message.error());
    }
    return {};
}

Result<> watch(const StatusArguments& arguments, Invocation& invocation) {
    if (invocation.agentless())
        return std::unexpected(Error{Remedy::usage,
                                     "--watch needs an agent, and HEARTH_NO_AGENT is set",
                                     "unset HEARTH_NO_AGENT"});
    auto& terminal = invocation.terminal;
    auto client = HEARTH_TRY(Client::open(invocation, Reach::start));
    auto events = HEARTH_TRY(Client::open(invocation, Reach::start));
    Request follow("events");
    HEARTH_CHECK(events.send(follow));
    const bool ticking = terminal.shows_output() && arguments.format == Format::text;
    for (;;) {
        HEARTH_CHECK(draw(arguments, client, terminal));
        if (terminal.end() != ExitStatus::done) return {};
        HEARTH_CHECK(await_event(events, ticking));
    }
}

Result<> run(const StatusArguments& arguments, Invocation& invocation) {
    if (arguments.watch) return watch(arguments, invocation);
    auto client = HEARTH_TRY(Client::open(
        invocation, Reach::start, arguments.profile ? arguments.profile->text() : std::string()));
    return draw(arguments, client, invocation.terminal);
}

}  // namespace

constexpr Command status_command{
    .name = "status",
    .summary = "show every profile: account, time left, next renewal, last error",
    .grammar = {.operands = "[PROFILE]", .least = 0, .most = 1, .options = options},
    .details =
        "Shows who is signed in where, how long the token lasts, when it is renewed and where it\n"
        "comes from; below the table what went wrong last, and what to do about it.",
    .examples = "hearth status\nhearth status work --json\nhearth status --watch",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse, run);
    }};

}  // namespace hearth::cli
