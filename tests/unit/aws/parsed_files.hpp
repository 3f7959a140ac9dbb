// Shared files as tests write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/aws/shared_file.hpp"

namespace hearth::providers::aws {

inline constexpr auto config = SharedFileKind::config;
inline constexpr auto credentials = SharedFileKind::credentials;

inline Result<SharedFile> parsed(std::string_view text, SharedFileKind kind = config) {
    return parse_shared_file(text, kind == config ? "config" : "credentials", kind);
}

inline std::vector<std::string> notes(std::string_view text, SharedFileKind kind = config) {
    return parsed(text, kind).value_or(SharedFile{}).notes;
}

}  // namespace hearth::providers::aws
