#include "agent/outside.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "agent/line.hpp"
#include "composition/config_file.hpp"
#include "core/try.hpp"
#include "json/document.hpp"
#include "sinks/writer.hpp"
#include "sources/command.hpp"
#include "system/clock.hpp"
#include "system/files.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

constexpr Span command_limit = 60s;

struct Order {
    SinkSettings sink;
    std::optional<sinks::Handout> handout;
    Instant decided;
};

sinks::Handout handout_in(const json::Document& order, Secret token) {
    std::optional<Instant> expires_at;
    if (const auto seconds = order.seconds("expires_at")) expires_at = Instant(*seconds);
    return {.profile = order.text("profile"),
            .api_key = order.flag("api_key"),
            .token = std::move(token),
            .expires_at = expires_at,
            .base_url = order.text("base_url"),
            .email = order.text("email"),
            .organization_id = order.text("organization_id"),
            .organization_name = order.text("organization_name"),
            .workspace_id = order.text("workspace_id")};
}

Result<Order> parse_order(std::string_view packet) {
    const auto order = HEARTH_TRY(json::Document::parse(packet));
    Order parsed{.sink = {.name = HEARTH_TRY(Name::parse(order.text("sink")))},
                 .handout = {},
                 .decided = Instant(Span(order.number("decided").value_or(0)))};
    auto& sink = parsed.sink;
    sink.profile = order.text("profile");
    const auto kind = parse_sink_kind(order.text("kind"));
    if (!kind) return std::unexpected(Error{Remedy::failed, "an order of no known kind", ""});
    sink.kind = *kind;
    sink.path = order.text("path");
    sink.mode = static_cast<unsigned>(order.number("mode").value_or(0));
    sink.machine = order.text("machine");
    sink.login = order.text("login");
    sink.known_as = order.text("known_as");
    if (auto token = order.secret("token")) parsed.handout = handout_in(order, *std::move(token));
    return parsed;
}

// The command of the sink as the person wrote it, whatever the agent ordered.
Result<std::string> command_after(const SinkSettings& sink, const std::string& config_file) {
    const auto settings = HEARTH_TRY(composition::ConfigFile(config_file, "").load());
    const auto found = settings.sinks.find(sink.name);
    const bool same = found != settings.sinks.end() && found->second.path == sink.path;
    return same ? found->second.then : std::string();
}

Result<> run_then(const SinkSettings& sink, const std::string& config_file) {
    const auto command = HEARTH_TRY(command_after(sink, config_file));
    if (command.empty()) return {};
    const auto end =
        HEARTH_TRY(sources::run_command({.text = "exec >&2\n" + command,
                                         .variables = {"HEARTH_SINK_PATH=" + sink.path},
                                         .limit = command_limit,
                                         .slow = command_limit,
                                         .when_slow = {}}));
    using How = sources::CommandEnd::How;
    if (end.how == How::exited && end.status == 0) return {};
    std::string how = "ended with status " + std::to_string(end.status);
    if (end.how == How::signalled) how = "was ended by signal " + std::to_string(end.status);
    if (end.how == How::time_limit) how = "was ended after " + to_string(command_limit);
    return std::unexpected(Error{Remedy::failed,
                                 "the command after sink " + sink.name.text() + " " + how,
                                 "sinks." + sink.name.text() + ".then in config.toml"});
}

// Whether nobody has carried out a later decision; the descriptor keeps others out meanwhile.
Result<bool> take_turn(const Order& order, const std::string& folder, Descriptor& lock) {
    HEARTH_CHECK(system::ensure_private_folder(folder));
    const auto path = folder + "/" + order.sink.name.text();
    lock = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!lock.open() || ::flock(lock.number(), LOCK_EX) != 0)
        return std::unexpected(system_error("open " + path));
    const std::int64_t decided = order.decided.time_since_epoch().count();
    std::int64_t last = 0;
    if (::pread(lock.number(), &last, sizeof last, 0) != sizeof last) last = 0;
    // What lies ahead was written before the clock was set back.
    const auto now = system::SystemClock().now().wall.time_since_epoch();
    if (last > decided && last <= now.count()) return false;
    if (::pwrite(lock.number(), &decided, sizeof decided, 0) != sizeof decided)
        return std::unexpected(system_error("write " + path));
    return true;
}

SinkReport carry_out(const Order& order, const Places& places) {
    SinkReport report{
        .sink = order.sink.name.text(), .cleared = !order.handout, .decided = order.decided};
    const auto change = [&]() -> Result<> {
        Descriptor lock;
        if (!HEARTH_TRY(take_turn(order, places.state_folder + "/sinks", lock))) return {};
        report.changed = order.handout ? HEARTH_TRY(sinks::write(order.sink, *order.handout))
                                       : HEARTH_TRY(sinks::clear(order.sink));
        if (report.changed) HEARTH_CHECK(run_then(order.sink, places.config_file));
        return {};
    };
    if (auto done = change(); !done) {
        report.trouble = std::move(done.error().what);
        report.hint = std::move(done.error().hint);
    }
    return report;
}

SinkReport answer(std::string_view packet, const Places& places) {
    const auto order = parse_order(packet);
    if (!order) return {.trouble = order.error().what, .hint = order.error().hint};
    return carry_out(*order, places);
}

void send_report(int socket, const SinkReport& report) {
    Line line;
    line.text("sink", report.sink).flag("cleared", report.cleared);
    line.number("decided", report.decided.time_since_epoch().count());
    line.flag("changed", report.changed);
    line.text("trouble", report.trouble).text("hint", report.hint);
    const auto text = line.take();
    [[maybe_unused]] const auto sent =
        ::send(socket, text.reveal().data(), text.size(), MSG_NOSIGNAL);
}

// Nothing of the agent's is held open by this process, least of all its lock, and nothing of
// whoever started it: they may wait for the end of a pipe.
void keep_only(int socket) {
    const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (nothing.open()) (void)::dup2(nothing.number(), standard);
    }
    constexpr auto first = 3U;
    const auto kept = static_cast<unsigned>(socket);
    if (kept > first) (void)::close_range(first, kept - 1, 0);
    (void)::close_range(kept + 1, ~0U, 0);
}

[[noreturn]] void work(int socket, const Places& places) {
    keep_only(socket);
    // Signals of the terminal are for the agent, which ends this process by ending itself.
    (void)::setsid();
    (void)std::signal(SIGPIPE, SIG_IGN);
    std::array<char, longest_packet> packet{};
    while (true) {
        const auto size = ::recv(socket, packet.data(), packet.size(), 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) ::_exit(EXIT_SUCCESS);
        const auto length = static_cast<std::size_t>(size);
        send_report(socket, answer({packet.data(), length}, places));
        ::explicit_bzero(packet.data(), length);
    }
}

}  // namespace

Result<Descriptor> begin_outside(const Places& places) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return std::unexpected(system_error("open a socket"));
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]);
    const auto child = ::fork();
    if (child < 0) return std::unexpected(system_error("start the process that writes sinks"));
    if (child == 0) work(theirs.number(), places);
    (void)::fcntl(ours.number(), F_SETFL, O_NONBLOCK);
    return ours;
}

Secret order_of(const SinkSettings& sink, const sinks::Handout* handout, Instant decided) {
    Line order;
    order.text("sink", sink.name.text()).text("profile", sink.profile);
    order.text("kind", to_string(sink.kind)).text("path", sink.path);
    order.number("mode", static_cast<std::int64_t>(sink.mode));
    order.text("machine", sink.machine).text("login", sink.login);
    order.text("known_as", sink.known_as);
    order.number("decided", decided.time_since_epoch().count());
    if (handout == nullptr) return order.take();
    order.text("token", handout->token.reveal());
    order.text("base_url", handout->base_url).text("email", handout->email);
    order.text("organization_id", handout->organization_id);
    order.text("organization_name", handout->organization_name);
    order.text("workspace_id", handout->workspace_id);
    if (handout->expires_at) {
        order.number("expires_at", std::chrono::floor<std::chrono::seconds>(*handout->expires_at)
                                       .time_since_epoch()
                                       .count());
    }
    order.flag("api_key", handout->api_key);
    return order.take();
}

std::optional<SinkReport> parse_report(std::string_view packet) {
    const auto report = json::Document::parse(packet);
    if (!report) return std::nullopt;
    return SinkReport{.sink = report->text("sink"),
                      .cleared = report->flag("cleared"),
                      .decided = Instant(Span(report->number("decided").value_or(0))),
                      .changed = report->flag("changed"),
                      .trouble = report->text("trouble"),
                      .hint = report->text("hint")};
}

}  // namespace hearth::agent
