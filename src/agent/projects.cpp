#include "agent/projects.hpp"

#include <algorithm>

#include "config/keys.hpp"
#include "config/settings.hpp"
#include "core/try.hpp"

namespace hearth::agent {
namespace {

using trust::Project;
using trust::Standing;

Error no_such_profile(const std::string& name, const Project& project) {
    return Error{Remedy::usage,
                 "no profile is called '" + name + "', neither of yours nor in " + project.file(),
                 "hearth profile list"};
}

Error not_trusted(const std::string& name, const Project& project, Standing standing) {
    const auto why =
        standing == Standing::changed ? " has changed since you trusted it" : " is not trusted";
    return Error{Remedy::refused,
                 "profile '" + name + "' is in " + project.file() + ", which" + why,
                 "look at it, then: hearth trust " + shell_word(project.folder)};
}

Result<ProfileName> find_in(Service& service, Call& call, const Project& project,
                            const ProfileName& name) {
    const auto settings = HEARTH_TRY(settings_of(project));
    const auto found = settings.profiles.find(name);
    if (found == settings.profiles.end())
        return std::unexpected(no_such_profile(name.text(), project));
    if (const auto& broken = service.trusted.broken()) return std::unexpected(*broken);
    const auto standing = service.trusted.agreements().standing(project);
    if (standing != Standing::trusted)
        return std::unexpected(not_trusted(name.text(), project, standing));
    auto settled = trust::settled(project.folder, *found->second).name;
    call.call_it(settled, name);
    return settled;
}

// What the file means for a profile, for people.
std::string meaning(const Service& service, const Project& project, const ProfileName& profile) {
    const auto settings = settings_of(project);
    if (!settings) return "it is not used: " + settings.error().what;
    if (!is_persons_own(service, profile)) return "this profile is its";
    if (settings->profiles.contains(profile))
        return "it names a profile '" + profile.text() + "', too; your own comes before it";
    if (settings->profile == profile) return "it names this profile for where none is given";
    return "it does not concern this profile";
}

}  // namespace

bool is_persons_own(const Service& service, const ProfileName& profile) {
    return !config::reserved(profile.text()) &&
           service.engine.settings().profiles.contains(profile);
}

Result<ProfileName> find_elsewhere(Service& service, Call& call, const ProfileName& profile) {
    // A profile that a broken file may name is not missing.
    if (const auto& broken = service.config.broken()) return std::unexpected(*broken);
    if (const auto project = project_of(call.request()))
        return find_in(service, call, *project, profile);
    // What the engine knows a project's profile by leads to it from its folder alone.
    if (config::reserved(profile.text()))
        return std::unexpected(Error{Remedy::usage, "no profile is called '" + profile.text() + "'",
                                     "hearth profile list"});
    return profile;
}

std::optional<Project> project_of(const Request& request) {
    const auto& members = request.members();
    Project project{.folder = members.text("project"),
                    .text = members.text("project_text"),
                    .problem = members.text("project_problem")};
    if (!project.folder.starts_with('/')) return std::nullopt;
    return project;
}

Result<config::ProjectSettings> settings_of(const Project& project) {
    if (project.problem.empty()) return config::parse_project(project.text, project.file());
    return std::unexpected(
        Error{Remedy::refused, project.file() + " " + project.problem, "mend it, or move it away"});
}

std::string shell_word(const std::string& folder) {
    const bool plain = std::ranges::all_of(folder, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/._-+,:@").contains(c);
    });
    if (plain) return folder;
    std::string word = "'";
    for (const char c : folder) {
        if (c == '\'') word += "'\\'";
        word += c;
    }
    return word + "'";
}

std::string shown_name(const Service& service, const ProfileName& profile) {
    const auto found = service.trusted.profiles().find(profile);
    return found == service.trusted.profiles().end() ? profile.text() : found->second.name.text();
}

std::string folder_of(const Service& service, const ProfileName& profile) {
    const auto found = service.trusted.profiles().find(profile);
    return found == service.trusted.profiles().end() ? std::string() : found->second.folder;
}

void write_project(Line& line, const Service& service, const Call& call,
                   const ProfileName& profile) {
    const auto project = project_of(call.request());
    if (!project) {
        line.nothing("project");
        return;
    }
    line.object("project").text("file", project->file());
    line.text("trust", to_string(service.trusted.agreements().standing(*project)));
    line.text("meaning", meaning(service, *project, profile)).close();
}

void default_profile(Service& service, const CallPtr& call) {
    const auto project = project_of(call->request());
    if (!project) {
        return fail(service, *call,
                    Error{Remedy::usage, "there is no project here, and no profile was named", ""});
    }
    const auto settings = settings_of(*project);
    if (!settings) return fail(service, *call, settings.error());
    const auto& named = settings->profile;
    Line line;
    line.object("ok").text("file", project->file());
    line.text_or_null("profile", named ? named->text() : "");
    call->answer(line.take());
}

}  // namespace hearth::agent
