#include "cli/credential_helper.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <optional>

#include "cli/auth_refresh.hpp"
#include "cli/commands.hpp"
#include "cli/prompt.hpp"
#include "cli/spawn.hpp"
#include "core/try.hpp"
#include "sources/helper_output.hpp"
#include "sources/words.hpp"

namespace hearth::cli {
namespace {

constexpr std::string_view ttl_variable = "CLAUDE_CODE_API_KEY_HELPER_TTL_MS";

// Google's own, by which a person allows the commands that credential files name.
constexpr std::string_view executables_variable = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";

// Says that this process can run a helper, and how old its output may be. What is no number is
// passed by, as Claude Code does.
void tell_of_helpers(const Invocation& invocation, Request& request) {
    tell_of_commands(invocation, request);
    if (invocation.environment(executables_variable) == "1")
        request.flag("allows_executables", true);
    const auto text = invocation.environment(ttl_variable).value_or("");
    std::int64_t milliseconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    if (!text.empty() && error == std::errc() && end == text.data() + text.size())
        request.number("helper_ttl_ms", milliseconds);
}

sources::HelperOutput not_started() {
    return std::unexpected(
        sources::HelperTrouble{.kind = sources::HelperTrouble::Kind::not_started});
}

JsonLine report_of(const sources::HelperOutput& output, Span took) {
    JsonLine report;
    report.number("ms", took.count());
    if (output) {
        report.secret("helper_output", *output);
        return report;
    }
    JsonLine failed;
    failed.text("how", to_string(output.error().kind)).number("status", output.error().status);
    report.json("helper_failed", std::string(failed.head()) + "}");
    return report;
}

// What the agent asks for while it looks for an answer.
class HelperEvents {
  public:
    HelperEvents(Client& client, const Invocation& invocation)
        : client_(client), invocation_(invocation) {}

    Result<> take(const JsonView& event) {
        const auto type = event["type"].text();
        if (type == "helper_refresh") refresh_ = true;
        if (type == "helper") return run(event);
        return type == "refresh_run" || type == "refresh_output" ? refresh(event) : Result<>();
    }
    [[nodiscard]] bool wants_refresh() const noexcept { return refresh_; }

  private:
    Result<> refresh(const JsonView& event) {
        Interrupts interrupts;
        HEARTH_CHECK(take_refresh_event(client_, invocation_, event, interrupts.descriptor()));
        interrupts.obey();
        return {};
    }

    Result<> run(const JsonView& event) {
        Interrupts interrupts;
        const auto prints = sources::parse_prints(event["prints"].text());
        sources::CommandLine line{.text = event["command"].text()};
        if (prints != sources::Prints::token) line.most = sources::most_keys;
        if (event["split"].flag()) {
            auto words = sources::words_of(line.text);
            if (!words) return client_.transmit(report_of(not_started(), {}));
            line.words = *std::move(words);
        }
        line.limit = Span(event["timeout_ms"].number().value_or(line.limit.count()));
        line.variables = {chain_with(invocation_, event["profile"].text())};
        for (const auto& variable : event["environment"].items())
            line.variables.push_back(variable.text());
        line.stop = interrupts.descriptor();
        line.when_slow = [&] {
            invocation_.terminal.words("hearth: " + event["profile"].text() + ": the helper in " +
                                       event["setting"].text() + " is slow; it has " +
                                       to_string(line.limit) + "\n");
        };
        const auto end = sources::run_command(line);
        if (end && end->how == sources::CommandEnd::How::stopped) {
            // Whoever waits for the same helper is asked in its place.
            client_.connection().close();
            interrupts.obey();
        }
        return client_.transmit(
            report_of(sources::output_of(end, prints), end ? end->took : Span()));
    }

    Client& client_;
    const Invocation& invocation_;
    bool refresh_ = false;
};

std::string own_program() {
    std::array<char, 4096> buffer{};
    const auto size = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
    return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

Result<HelperAnswer> ask(Invocation& invocation, Request& request, const std::string& profile,
                         Reach reach) {
    HEARTH_CHECK(refuse_own_command(invocation, profile));
    tell_of_helpers(invocation, request);
    auto client = HEARTH_TRY(Client::open(invocation, reach, profile));
    HelperEvents events(client, invocation);
    client.on_event([&events](const JsonView& event) { return events.take(event); });
    auto message = HEARTH_TRY(client.ask(request));
    return HelperAnswer{.message = std::move(message), .refresh = events.wants_refresh()};
}

Result<ProfileName> parse_refresh(const Arguments& arguments) { return profile_operand(arguments); }

Result<> refresh(const ProfileName& profile, Invocation& invocation) {
    Request request("helper_refresh");
    request.text("profile", profile.text());
    HEARTH_CHECK(ask(invocation, request, profile.text(), Reach::running));
    return {};
}

}  // namespace

Result<HelperAnswer> ask_with_helper(Invocation& invocation, Request& request,
                                     const std::string& profile) {
    return ask(invocation, request, profile, Reach::start);
}

void run_helper_behind(const std::string& profile) {
    // Where it cannot be started the next caller is told to.
    [[maybe_unused]] const auto started =
        start({.words = {own_program(), std::string(helper_refresh_command.name), profile}});
}

// A constant, as the others are.
constexpr Command helper_refresh_command{
    .name = "helper-refresh",
    .summary = "run a profile's helper behind an answer that was given",
    .grammar = {.operands = "PROFILE", .least = 1, .most = 1, .options = {}},
    .details = "For hearth itself.",
    .examples = "hearth helper-refresh work",
    .run = [](const Arguments& arguments, Invocation& invocation) {
        return run_with(arguments, invocation, parse_refresh, refresh);
    }};

}  // namespace hearth::cli
