#include "agent/helper_story.hpp"

namespace hearth::agent {
namespace {

std::string shown(const HelperProgram& program) { return sources::program_of(program.command); }

}  // namespace

void with_helper(Service& service, session::ProfileStatus& status) {
    if (!service.helpers.program_of(status.profile)) return;
    const auto known = service.helpers.known(status.profile);
    session::ProfileStatus made{
        .profile = status.profile,
        .provider = status.provider,
        .state = known.age ? session::State::fresh : session::State::unknown,
        .source = "helper"};
    if (known.failed) made.last_error = "the helper " + known.ended;
    status = std::move(made);
}

std::string story_of(const HelperProgram& helper, const Helpers::Known& known) {
    const auto program = shown(helper);
    std::string text = program.empty() ? "" : "its program is " + program + "; ";
    if (!known.ran_at) return text + "it has not run yet";
    text += "it ran at " + to_rfc3339(*known.ran_at) + " and " + known.ended;
    return text + (known.age ? "; its output is " + to_string(*known.age) + " old" : "");
}

std::string renewal_of_helper(const HelperProgram& helper) {
    const bool keys = helper.prints == sources::Prints::keys;
    return "the helper is run again " +
           std::string(keys ? "five minutes before the keys expire or, where they say no end, "
                            : "") +
           "once its output is older than " + to_string(helper.kept_for) +
           ", and at once when that is rejected";
}

void write_helper(Line& line, const HelperProgram& helper, const Helpers::Known& known) {
    line.object("helper").text("setting", helper.setting);
    line.text_or_null("program", shown(helper));
    line.instant("ran_at", known.ran_at).text_or_null("ended", known.ended);
    line.seconds("output_age", known.age).close();
}

}  // namespace hearth::agent
