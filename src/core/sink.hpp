// A file that hearth keeps fresh for programs that only read files: a [sinks.NAME] of config.toml.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/name.hpp"

namespace hearth {

enum class SinkKind : std::uint8_t {
    token,      // The bare token.
    json,       // What `hearth token --json` prints.
    netrc,      // One entry of a .netrc file, whose other entries stay.
    folder,     // A file per fact, swapped all at once, as Kubernetes mounts them.
    anthropic,  // A profile in the folder that Anthropic's SDKs look into.
};

// As [sinks.NAME] says them, in the order of SinkKind.
inline constexpr std::array<std::string_view, 5> sink_kinds{"token", "json", "netrc", "folder",
                                                            "anthropic"};

constexpr std::string_view to_string(SinkKind kind) noexcept {
    return sink_kinds.at(static_cast<std::size_t>(kind));
}

constexpr std::optional<SinkKind> parse_sink_kind(std::string_view word) noexcept {
    for (std::size_t i = 0; i < sink_kinds.size(); ++i) {
        if (sink_kinds.at(i) == word) return static_cast<SinkKind>(i);
    }
    return std::nullopt;
}

struct SinkSettings {
    Name name;
    std::string profile;
    SinkKind kind = SinkKind::token;
    std::string path;      // Absolute: the file, or the folder of `folder` and `anthropic`.
    unsigned mode = 0600;  // Of the file; `anthropic` has its readers' own.
    std::string machine;   // netrc: the host.
    std::string login;     // netrc.
    std::string known_as;  // anthropic: the SDKs' name of the profile; empty: the sink's.
    std::string then;      // A shell command, after each change; may be empty.

    bool operator==(const SinkSettings&) const = default;
};

}  // namespace hearth
