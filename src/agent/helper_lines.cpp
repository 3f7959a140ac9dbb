#include "agent/helper_lines.hpp"

#include <algorithm>

#include "agent/line.hpp"

namespace hearth::agent {

Secret run_line(const ProfileName& profile, const HelperProgram& program) {
    Line line;
    line.object("event").text("type", "helper").text("profile", profile.text());
    line.text("setting", program.setting).text("command", program.command);
    line.flag("split", program.split);
    line.text("prints", to_string(program.prints));
    line.number("timeout_ms", program.timeout.count());
    line.list("environment");
    for (const auto& variable : program.environment) line.text({}, variable);
    return line.take();
}

Secret run_behind_line(const ProfileName& profile) {
    Line line;
    line.object("event").text("type", "helper_refresh").text("profile", profile.text());
    return line.take();
}

sources::HelperOutput output_in(const json::Document& report, sources::Prints prints) {
    if (auto printed = report.secret("helper_output")) {
        if (prints == sources::Prints::token) return sources::token_of(*printed);
        return *std::move(printed);
    }
    const auto failed = report.object("helper_failed");
    const auto kind = sources::parse_trouble(failed.text("how"));
    const auto status = std::clamp<std::int64_t>(failed.number("status").value_or(0), 0, 255);
    return std::unexpected(
        sources::HelperTrouble{.kind = kind.value_or(sources::HelperTrouble::Kind::not_started),
                               .status = static_cast<int>(status)});
}

}  // namespace hearth::agent
