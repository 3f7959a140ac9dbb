#pragma once

#include <string>
#include <string_view>

#include "core/profile.hpp"

namespace hearth::trust {

// The name of the file that a project's folder may have.
inline constexpr std::string_view file_name = ".hearth.toml";

// A project's folder, as the process that works there has read it: once, so that what is judged is
// what is used.
struct Project {
    std::string folder;   // Its path, without symbolic links.
    std::string text;     // The whole file.
    std::string problem;  // Why the file cannot be used; empty when it can.

    [[nodiscard]] std::string file() const { return file_in(folder); }
    static std::string file_in(const std::string& folder);
};

// What a text is recognised by: the SHA-256 of its bytes, in hexadecimal.
std::string fingerprint(std::string_view text);

// The profile under a name, and with a session, that no profile of the person and of no other
// folder has, nor this one once it asks another server or as another client: nothing that was
// signed in to is ever sent elsewhere.
Profile settled(const std::string& folder, const Profile& profile);

}  // namespace hearth::trust
