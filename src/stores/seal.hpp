// What the sealed files are made of: XChaCha20-Poly1305, Argon2id and a checksum, by libsodium.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/random.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::stores {

constexpr std::size_t seal_key_size = 32;
constexpr std::size_t seal_overhead = 24 + 16;  // Nonce and tag.
constexpr std::size_t salt_size = 16;

// What Argon2id is told; kept beside what it opens, so that it can grow.
struct Stretch {
    std::uint64_t operations = 2;
    std::uint64_t memory = 64UL * 1024 * 1024;  // Bytes.
    bool operator==(const Stretch&) const = default;
};

// Under a fresh nonce, which leads the result. `context` is not in it and has to be told again to
// open it.
std::string sealed(const Secret& key, std::string_view plain, std::string_view context,
                   Random& random);
// Empty when any bit of seal, key or context is another one.
std::optional<Secret> unsealed(const Secret& key, std::string_view seal, std::string_view context);

Secret random_key(Random& random);
// Remedy::failed when memory does not suffice or the parameters are out of reason.
Result<Secret> stretched(const Secret& passphrase, std::string_view salt, const Stretch& stretch);
// 32 bytes as they are, or 64 hexadecimal digits, or base64 of either alphabet; a final line feed
// is ignored.
std::optional<Secret> parse_key(const Secret& text);

// Tells damage by accident, nothing else.
std::string checksum(std::string_view text);
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace hearth::stores
