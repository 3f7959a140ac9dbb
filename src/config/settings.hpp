#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/settings.hpp"

namespace hearth::config {

// Reads config.toml; an empty text is the default settings. Remedy::usage with file, line, column
// and reason for what is not TOML, a key that is not known, or a value that does not fit.
Result<Settings> parse_settings(std::string_view text, std::string_view file);

// The settings of a project's folder: what its file adds for whoever works there.
struct ProjectSettings {
    std::optional<ProfileName> profile;  // The one that is meant where none is named.
    std::map<ProfileName, std::shared_ptr<const Profile>> profiles;
};
// Reads a project's file in the same way. It has profiles and the name of one, and nothing else: no
// store, no network, and no session that is another profile's.
Result<ProjectSettings> parse_project(std::string_view text, std::string_view file);

// The value of a key such as store.kind or profiles.NAME.issuer, as it can be given to `edited`.
Result<std::string> value_of(const Settings& settings, std::string_view key);

// What a profile sets: every key whose value is not the default one, secrets as a placeholder.
std::vector<std::pair<std::string, std::string>> described(const Profile& profile);

// For documents: every key with its kind and purpose, in order; a profile's as profiles.NAME.KEY.
struct KeyDocument {
    std::string key;
    std::string kind;
    std::string doc;
};
std::vector<KeyDocument> key_documents();

}  // namespace hearth::config
