// A file that hearth keeps fresh for programs that only read files: a [sinks.NAME] of config.toml.
#pragma once

#include <cstdint>
#include <string>

#include "core/name.hpp"

namespace hearth {

enum class SinkKind : std::uint8_t {
    token,      // The bare token.
    json,       // What `hearth token --json` prints.
    netrc,      // One entry of a .netrc file, whose other entries stay.
    folder,     // A file per fact, swapped all at once, as Kubernetes mounts them.
    anthropic,  // A profile in the folder that Anthropic's SDKs look into.
};

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
