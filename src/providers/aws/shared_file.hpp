// The grammar of AWS's two shared files, as the SDKs have it in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::aws {

enum class SharedFileKind : std::uint8_t { config, credentials };

// What stands behind an equals sign.
struct Value {
    std::string text;      // Empty where the key says that it is a secret.
    Secret secret;         // Empty where it is none.
    std::size_t line = 0;  // Counted from one.

    [[nodiscard]] bool empty() const noexcept { return text.empty() && secret.empty(); }
};

struct Property {
    Value value;  // Lines that continue it are part of it, each behind a line feed.
    // Its nested settings, by their keys in lower case, where its own value is empty.
    std::map<std::string, Value, std::less<>> parts;
};

struct Section {
    std::size_t line = 0;                                     // Where it begins for the first time.
    std::map<std::string, Property, std::less<>> properties;  // By their keys in lower case.
};
using Sections = std::map<std::string, Section, std::less<>>;

struct SharedFile {
    std::string path;
    Sections profiles;
    Sections sso_sessions;
    Sections services;
    // What was passed over, each as "config:12: section [foo] is ignored: …"; never a value.
    std::vector<std::string> notes;
};

// A larger file is refused; of a smaller one, at most so many notes are kept.
inline constexpr std::size_t largest_shared_file = 10UL * 1024 * 1024;
inline constexpr std::size_t most_notes = 100;

// The value of such a key is held as a Secret.
bool secret_key(std::string_view key) noexcept;
// 1 or more of letters, digits and - _ / . % @ : +
bool shared_name(std::string_view text) noexcept;

// Reads one file, in time that grows with its length alone. Remedy::usage with path, line and what
// to do for what is not in the grammar; the error quotes nothing of the file.
Result<SharedFile> parse_shared_file(std::string_view text, std::string path, SharedFileKind kind);

}  // namespace hearth::providers::aws
