#include "agent/identity.hpp"

#include <algorithm>

#include "agent/line.hpp"

namespace hearth::agent {
namespace {

std::vector<std::string> variables_of(Service& service, const ProfileName& profile) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(profile);
    if (found == profiles.end()) return {};
    // A profile that rests on another one's session signs in with what that one has.
    const auto owner = profiles.find(found->second->session);
    return (owner == profiles.end() ? found : owner)->second->federation->identity.variables();
}

// The profile by whose settings the session is made.
ProfileName owner_of(Service& service, const ProfileName& profile) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(profile);
    const bool shares = found != profiles.end() && profiles.contains(found->second->session);
    return shares ? found->second->session : profile;
}

void ask_caller(Call& call, const ProfileName& profile, const std::vector<std::string>& variables,
                const Error& error) {
    Line line;
    line.object("error").text("remedy", to_string(error.remedy)).text("what", error.what);
    line.text("hint", error.hint).text("needs", "identity").text("profile", profile.text());
    line.list("variables");
    for (const auto& variable : variables) line.text({}, variable);
    call.answer(line.take());
}

bool was_given(const Call& call) { return call.request().members().flag("identity_given"); }

}  // namespace

void fail_for(Service& service, Call& call, const ProfileName& profile, const Error& error) {
    const auto variables = variables_of(service, profile);
    if (variables.empty() || was_given(call) || error.remedy != Remedy::failed)
        return fail(service, call, error);
    ask_caller(call, profile, variables, error);
}

std::string story_of_workload(const Profile& profile, const session::ProfileStatus& status) {
    if (profile.federation->none()) return {};
    const auto source = profile.federation->identity.to_string();
    if (status.version.counter != 0)
        return "it was exchanged for the identity token from " + source;
    return "who asks gets one in exchange for the identity token from " + source +
           (status.last_error.empty() ? "" : "; " + status.last_error);
}

void identity(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto& members = call->request().members();
    const auto variable = members.text("variable");
    auto value = members.secret("value");
    const auto wanted = variables_of(service, *profile);
    if (!value || std::ranges::find(wanted, variable) == wanted.end()) {
        return fail(
            service, *call,
            Error{Remedy::usage, profile->text() + " takes no identity token from what was given",
                  "hearth profile show " + profile->text()});
    }
    service.composition.identity().give(owner_of(service, *profile), variable, *std::move(value));
    service.engine.material_given(*profile);
    Line line;
    line.object("ok");
    call->answer(line.take());
}

}  // namespace hearth::agent
