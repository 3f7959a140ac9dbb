// What the project's folder that a caller works in has to do with its request.
#pragma once

#include <optional>
#include <string>

#include "agent/line.hpp"
#include "agent/service.hpp"
#include "config/settings.hpp"
#include "trust/project.hpp"

namespace hearth::agent {

// Whether it is a profile of the person's own settings.
bool is_persons_own(const Service& service, const ProfileName& profile);
// A profile that is not: the project's, if the person trusts that, and as what the engine knows it.
// Remedy::refused when it is not trusted.
Result<ProfileName> find_elsewhere(Service& service, Call& call, const ProfileName& profile);

// The project that the caller says it works in, with the bytes that it has read; absent when there
// is none.
std::optional<trust::Project> project_of(const Request& request);
// Remedy::refused when the file cannot be used.
Result<config::ProjectSettings> settings_of(const trust::Project& project);
// The folder as a shell takes it.
std::string shell_word(const std::string& folder);

// What a person calls a profile of the engine's, and the folder that it is of; empty for one of the
// person's own.
std::string shown_name(const Service& service, const ProfileName& profile);
std::string folder_of(const Service& service, const ProfileName& profile);

// The member "project" of what explains a profile: the file, whether it is trusted, and what it
// means for this one.
void write_project(Line& line, const Service& service, const Call& call,
                   const ProfileName& profile);

// The profile that the project's file names where the caller names none.
void default_profile(Service& service, const CallPtr& call);

}  // namespace hearth::agent
