#include "agent/helper_lines.hpp"

#include <algorithm>

#include "agent/line.hpp"

namespace hearth::agent {

Secret run_line(const ProfileName& profile, const HelperProgram& program) {
    Line line;
    line.object("event").text("type", "helper").text("profile", profile.text());
    line.text("setting", program.setting).text("command", program.command);
    line.flag("split", program.split);
    line.text("prints", program.prints == sources::Prints::keys ? "keys" : "token");
    line.number("timeout_ms", program.timeout.count());
    return line.take();
}

Secret run_behind_line(const ProfileName& profile) {
    Line line;
    line.object("event").text("type", "helper_refresh").text("profile", profile.text());
    return line.take();
}

sources::HelperOutput output_in(const json::Document& report, sources::Prints prints) {
    if (auto printed = report.secret("helper_output")) {
        if (prints == sources::Prints::keys) return *std::move(printed);
        return sources::token_of(*printed);
    }
    const auto failed = report.object("helper_failed");
    const auto kind = sources::parse_trouble(failed.text("how"));
    const auto status = std::clamp<std::int64_t>(failed.number("status").value_or(0), 0, 255);
    return std::unexpected(
        sources::HelperTrouble{.kind = kind.value_or(sources::HelperTrouble::Kind::not_started),
                               .status = static_cast<int>(status)});
}

}  // namespace hearth::agent
