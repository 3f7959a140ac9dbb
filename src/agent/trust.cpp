#include "agent/trust.hpp"

#include <algorithm>

#include "agent/line.hpp"
#include "agent/projects.hpp"
#include "config/settings.hpp"
#include "core/try.hpp"
#include "trust/consequences.hpp"

namespace hearth::agent {
namespace {

using trust::Agreements;
using trust::Project;

Result<Project> wanted_project(const Call& call) {
    if (auto project = project_of(call.request())) return *std::move(project);
    return std::unexpected(Error{Remedy::usage, "the request names no project", ""});
}

void write_profile(Line& line, const Service& service, const Profile& profile) {
    line.object({}).text("name", profile.name.text()).text("provider", profile.provider);
    line.flag("hidden", is_persons_own(service, profile.name)).list("settings");
    for (const auto& one : trust::consequences_of(profile)) {
        line.list({}).text({}, one.key).text({}, one.value).text({}, to_string(one.effect)).close();
    }
    line.close().close();
}

// The sessions that a folder's profiles have.
std::vector<SessionId> sessions_in(const Service& service, const std::string& folder) {
    std::vector<SessionId> sessions;
    for (const auto& [name, settled] : service.trusted.profiles()) {
        if (settled.folder == folder) sessions.push_back(settled.profile->session);
    }
    return sessions;
}

std::vector<SessionId> sessions_of(const Project& project,
                                   const config::ProjectSettings& settings) {
    std::vector<SessionId> sessions;
    sessions.reserve(settings.profiles.size());
    for (const auto& [name, profile] : settings.profiles)
        sessions.push_back(trust::settled(project.folder, *profile).session);
    return sessions;
}

Result<> forget_all(composition::Composition& composition, const std::vector<SessionId>& sessions) {
    for (const auto& session : sessions) HEARTH_CHECK(composition.forget(session));
    return {};
}

Result<> change(Service& service, const composition::TrustedProjects::Change& how) {
    HEARTH_CHECK(service.trusted.edit(how));
    apply_settings(service, service.engine.settings());
    return {};
}

// Erases the sessions, changes what is trusted, and answers. In this order: what a failure leaves
// behind can still be named.
void change_after_erasing(Service& service, const CallPtr& call, std::vector<SessionId> sessions,
                          composition::TrustedProjects::Change how, std::string folder) {
    service.composition.workers().run(
        session::Work::store, [&service, weak = std::weak_ptr(call), how = std::move(how),
                               sessions = std::move(sessions), folder = std::move(folder)] {
            auto erased = forget_all(service.composition, sessions);
            service.loop.post(
                [&service, weak, how, folder, count = sessions.size(), erased = std::move(erased)] {
                    auto done = erased;
                    if (done) done = change(service, how);
                    const auto live = weak.lock();
                    if (!live) return;
                    if (!done) return fail(service, *live, done.error());
                    Line line;
                    line.object("ok").text("folder", folder);
                    line.number("sessions_erased", static_cast<std::int64_t>(count));
                    live->answer(line.take());
                });
        });
}

}  // namespace

void trust_show(Service& service, const CallPtr& call) {
    const auto project = wanted_project(*call);
    if (!project) return fail(service, *call, project.error());
    const auto settings = settings_of(*project);
    if (!settings) return fail(service, *call, settings.error());
    Line line;
    line.object("ok").text("folder", project->folder).text("file", project->file());
    line.text("sha256", trust::fingerprint(project->text));
    line.text("trust", to_string(service.trusted.agreements().standing(*project)));
    const auto& named = settings->profile;
    line.text_or_null("profile", named ? named->text() : "");
    line.list("profiles");
    for (const auto& [name, profile] : settings->profiles) write_profile(line, service, *profile);
    call->answer(line.take());
}

void trust_add(Service& service, const CallPtr& call) {
    const auto project = wanted_project(*call);
    if (!project) return fail(service, *call, project.error());
    const auto settings = settings_of(*project);
    if (!settings) return fail(service, *call, settings.error());
    if (const auto& broken = service.trusted.broken()) return fail(service, *call, *broken);
    const auto kept = sessions_of(*project, *settings);
    auto dropped = sessions_in(service, project->folder);
    std::erase_if(dropped,
                  [&](const auto& id) { return std::ranges::find(kept, id) != kept.end(); });
    const trust::Agreement agreement{
        .folder = project->folder, .text = project->text, .at = service.clock.now().wall};
    change_after_erasing(
        service, call, std::move(dropped), [agreement](Agreements& all) { all.add(agreement); },
        project->folder);
}

void trust_list(Service& service, const CallPtr& call) {
    if (const auto& broken = service.trusted.broken()) return fail(service, *call, *broken);
    Line line;
    line.object("ok").list("folders");
    for (const auto& one : service.trusted.agreements().all()) {
        line.object({}).text("folder", one.folder).text("sha256", trust::fingerprint(one.text));
        line.instant("trusted_at", one.at).list("profiles");
        for (const auto& [id, settled] : service.trusted.profiles()) {
            if (settled.folder == one.folder)
                line.object({}).text("name", settled.name.text()).text("id", id.text()).close();
        }
        line.close().close();
    }
    call->answer(line.take());
}

void trust_remove(Service& service, const CallPtr& call) {
    if (const auto& broken = service.trusted.broken()) return fail(service, *call, *broken);
    const auto folder = call->request().members().text("folder");
    if (service.trusted.agreements().find(folder) == nullptr) {
        return fail(service, *call,
                    Error{Remedy::usage, folder + " is not trusted", "hearth trust list"});
    }
    change_after_erasing(
        service, call, sessions_in(service, folder),
        [folder](Agreements& all) { (void)all.remove(folder); }, folder);
}

}  // namespace hearth::agent
