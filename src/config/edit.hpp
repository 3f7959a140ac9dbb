#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "hearth/error.hpp"

namespace hearth::config {

// store.kind, limits.burst, profiles.NAME.issuer, ...
struct SetKey {
    std::string key;
    std::string value;
};
struct AddProfile {
    std::string name;
    std::string provider;
    // Keys of a profile; `scope` and other lists may be repeated.
    std::vector<std::pair<std::string, std::string>> settings;
};
struct RemoveProfile {
    std::string name;
};
using Edit = std::variant<SetKey, AddProfile, RemoveProfile>;

// The text of config.toml after the edit, with everything else, comments and order included, as it
// was. Remedy::usage when the edit or its outcome is not valid, or when the text is written in a
// way that cannot be edited safely; the hint then says what to do by hand.
Result<std::string> edited(std::string_view text, std::string_view file, const Edit& edit);

}  // namespace hearth::config
