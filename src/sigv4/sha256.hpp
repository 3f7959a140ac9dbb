// SHA-256 and HMAC without a heap: not for other folders, who must not see OpenSSL's types.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "hearth/sigv4.hpp"

namespace hearth::sigv4 {

using Digest = std::array<std::uint8_t, 32>;
using HexDigest = Text<64>;

void wipe(void* memory, std::size_t size) noexcept;
std::string_view hexadecimal_pair(std::uint8_t octet) noexcept;
HexDigest hexadecimal(const Digest& digest) noexcept;

class Sha256 {
  public:
    Sha256() noexcept;
    Sha256& update(std::string_view octets) noexcept;
    Digest finish() noexcept;

    static Digest of(std::string_view octets) noexcept { return Sha256().update(octets).finish(); }

  private:
    friend class HmacKey;
    SHA256_CTX context_;
};

// A key as HMAC uses it: the state of the hash after the key's own block, inside and outside. A
// message then costs its own blocks and one more. Wiped when dropped.
class HmacKey {
  public:
    explicit HmacKey(std::string_view key) noexcept : HmacKey({}, key) {}
    // The key is the prefix with the rest behind it.
    HmacKey(std::string_view prefix, std::string_view rest) noexcept;
    explicit HmacKey(const Digest& key) noexcept;
    HmacKey(const HmacKey&) noexcept = default;
    HmacKey& operator=(const HmacKey&) noexcept = default;
    HmacKey(HmacKey&&) noexcept = default;
    HmacKey& operator=(HmacKey&&) noexcept = default;
    ~HmacKey();

    [[nodiscard]] Digest of(std::string_view message) const noexcept;

  private:
    using Words = std::array<SHA_LONG, 8>;
    static Sha256 resumed(const Words& words) noexcept;

    Words inner_{};
    Words outer_{};
};

}  // namespace hearth::sigv4
