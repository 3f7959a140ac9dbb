// What a shared file says, as one line that a test can compare. Secrets are shown here, because
// those of the tests are none.
#pragma once

#include <string>
#include <string_view>

#include "providers/aws/shared_file.hpp"

namespace hearth::providers::aws {

inline std::string shown(const Value& value) {
    return value.text + std::string(value.secret.reveal());
}

inline std::string shown(const Section& section) {
    std::string text;
    for (const auto& [key, property] : section.properties) {
        text += text.empty() ? "" : ", ";
        text += key + "=" + shown(property.value);
        for (const auto& [name, value] : property.parts)
            text += "<" + name + "=" + shown(value) + ">";
    }
    return text;
}

inline std::string shown(std::string_view kind, const Sections& sections) {
    std::string text;
    for (const auto& [name, section] : sections)
        text += std::string(kind) + name + "{" + shown(section) + "}";
    return text;
}

// foo{key=value, s3=<part=value>}session:bar{…}services:baz{…}, in alphabetical order.
inline std::string shown(const SharedFile& file) {
    return shown("", file.profiles) + shown("session:", file.sso_sessions) +
           shown("services:", file.services);
}

}  // namespace hearth::providers::aws
