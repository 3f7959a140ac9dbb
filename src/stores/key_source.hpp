// Where the key comes from that wraps the sealed files' key.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "stores/store.hpp"

namespace hearth::stores {

// Typed by a person; stretched by Argon2id.
struct PassphraseSource {};
// 32 bytes, raw or in hexadecimal or base64. Made when neither it nor anything sealed by it is
// there.
struct KeyFileSource {
    std::string path;
};
// The same 32 bytes from an open descriptor, which is read once and closed.
struct DescriptorSource {
    int descriptor = -1;
};
// 32 bytes that rest in the keychain, under a name that no profile has.
struct KeychainSource {
    Store* keychain = nullptr;
};

using KeySource = std::variant<PassphraseSource, KeyFileSource, DescriptorSource, KeychainSource>;

// Names that no profile and no session of a person has: what the keychain holds for hearth itself.
constexpr std::string_view reserved_prefix = "hearth.";
inline bool reserved(const Name& name) { return name.text().starts_with(reserved_prefix); }

// "passphrase", "key_file", "key_fd" or "keychain", as in config.toml.
std::string_view name_of(const KeySource& source) noexcept;

}  // namespace hearth::stores
