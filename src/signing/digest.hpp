#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hearth::signing {

using Digest = std::array<std::uint8_t, 32>;

// Throw std::runtime_error when OpenSSL has no SHA-256, which is a broken installation.
Digest sha256(std::string_view octets);
Digest hmac_sha256(std::string_view key, std::string_view octets);

}  // namespace hearth::signing
