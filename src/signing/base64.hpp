#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth::signing {

// RFC 4648 section 5, without padding.
std::string base64url(std::span<const std::uint8_t> octets);
std::string base64url(std::string_view octets);
// RFC 4648 section 4, with padding.
std::string base64(std::string_view octets);

// Strict: no padding, no white space, no other alphabet, no bits left over. The error quotes none
// of the text.
Result<std::string> from_base64url(std::string_view text);

}  // namespace hearth::signing
