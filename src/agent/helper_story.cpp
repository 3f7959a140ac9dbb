#include "agent/helper_story.hpp"

namespace hearth::agent {
namespace {

const Profile* profile_with_helper(Service& service, const ProfileName& name) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(name);
    return found == profiles.end() || found->second->helper->none() ? nullptr : found->second.get();
}

}  // namespace

void with_helper(Service& service, session::ProfileStatus& status) {
    const auto* const profile = profile_with_helper(service, status.profile);
    if (profile == nullptr) return;
    const auto known = service.helpers.known(status.profile);
    session::ProfileStatus made{
        .profile = status.profile,
        .provider = status.provider,
        .state = known.age ? session::State::fresh : session::State::unknown,
        .source = "helper"};
    if (known.failed) made.last_error = "the helper " + known.ended;
    status = std::move(made);
}

std::string story_of(const Profile& profile, const Helpers::Known& known) {
    const auto program = sources::program_of(profile.helper->command());
    std::string text = program.empty() ? "" : "its program is " + program + "; ";
    if (!known.ran_at) return text + "it has not run yet";
    text += "it ran at " + to_rfc3339(*known.ran_at) + " and " + known.ended;
    return text + (known.age ? "; its output is " + to_string(*known.age) + " old" : "");
}

std::string renewal_of_helper(const Profile& profile) {
    return "the helper is run again once its output is older than " +
           to_string(profile.helper->ttl) + ", and at once when that is rejected";
}

void write_helper(Line& line, const Profile& profile, const Helpers::Known& known) {
    line.object("helper").text("setting", profile.helper->setting());
    line.text_or_null("program", sources::program_of(profile.helper->command()));
    line.instant("ran_at", known.ran_at).text_or_null("ended", known.ended);
    line.seconds("output_age", known.age).close();
}

}  // namespace hearth::agent
