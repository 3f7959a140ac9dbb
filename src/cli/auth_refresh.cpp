#include "cli/auth_refresh.hpp"

#include <algorithm>

#include "cli/escape.hpp"
#include "core/try.hpp"
#include "sources/helper_output.hpp"

namespace hearth::cli {
namespace {

using sources::CommandEnd;

// More on one line is no word for people.
constexpr std::size_t longest_line = 1000;

// Cuts what comes in pieces into lines.
class Lines {
  public:
    explicit Lines(std::function<void(const std::string&)> take) : take_(std::move(take)) {}

    void add(std::string_view piece) {
        for (const char c : piece) {
            const bool end = c == '\n' || c == '\r';
            const bool control = (c >= '\0' && c < ' ' && c != '\t') || c == '\x7F';
            if (end || line_.size() >= longest_line) flush();
            if (!end && !control) line_ += c == '\t' ? ' ' : c;
        }
    }
    void flush() {
        if (!line_.empty()) take_(escaped(line_));
        line_.clear();
    }

  private:
    std::function<void(const std::string&)> take_;
    std::string line_;
};

JsonLine report_of(const Result<CommandEnd>& end) {
    JsonLine ended;
    if (end && end->how == CommandEnd::How::exited) {
        ended.text("how", "exited").number("status", end->status);
    } else {
        const auto trouble = sources::output_of(end).error();
        ended.text("how", to_string(trouble.kind)).number("status", trouble.status);
    }
    JsonLine report;
    report.json("refresh_ended", std::string(ended.head()) + "}");
    return report;
}

Result<> run(Client& client, const Invocation& invocation, const JsonView& event, int stop) {
    const auto profile = event["profile"].text();
    Result<> sent;
    Lines lines([&](const std::string& text) {
        Terminal::words(text + "\n");
        JsonLine report;
        report.text("refresh_output", text);
        if (sent) sent = client.transmit(report);
    });
    sources::CommandLine line{.text = event["command"].text()};
    line.variables = {chain_with(invocation, profile)};
    line.limit = Span(event["timeout_ms"].number().value_or(line.limit.count()));
    line.slow = line.limit;
    line.stop = stop;
    line.when_printed = [&lines](std::string_view piece) { lines.add(piece); };
    Terminal::words("hearth: " + escaped(profile) + ": its auth_refresh runs\n");
    const auto end = sources::run_command(line);
    lines.flush();
    HEARTH_CHECK(std::move(sent));
    // Whoever waits for the same is asked in its place.
    if (end && end->how == CommandEnd::How::stopped) return {};
    return client.transmit(report_of(end));
}

}  // namespace

std::string chain_with(const Invocation& invocation, const std::string& profile) {
    return std::string(chain_variable) + "=" + invocation.environment(chain_variable).value_or("") +
           profile + " ";
}

Result<> refuse_own_command(const Invocation& invocation, const std::string& profile) {
    const auto chain = " " + invocation.environment(chain_variable).value_or("");
    if (!chain.contains(" " + profile + " ")) return {};
    return std::unexpected(Error{Remedy::usage, profile + ": its helper asks for it",
                                 "a helper has to get the credential from somewhere else"});
}

void tell_of_commands(const Invocation& invocation, Request& request) {
    request.flag("runs_helpers", true);
    if (invocation.non_interactive) request.flag("runs_no_refresh", true);
}

Result<bool> take_refresh_event(Client& client, const Invocation& invocation, const JsonView& event,
                                int stop) {
    const auto type = event["type"].text();
    if (type == "refresh_output") {
        const auto text = event["text"].text();
        if (!text.empty()) Terminal::words(escaped(text) + "\n");
        return true;
    }
    if (type != "refresh_run") return false;
    HEARTH_CHECK(run(client, invocation, event, stop));
    return true;
}

}  // namespace hearth::cli
