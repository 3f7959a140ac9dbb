// How bytes are written as text: base64, percent-encoding, HTML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::sandbox {

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
// RFC 4648 section 4, with padding.
std::string to_base64(std::string_view bytes);
// The other way round; nothing when it is not that.
std::optional<std::string> from_base64(std::string_view text);
// Everything but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);
// application/x-www-form-urlencoded: '+' is a space; nothing when a percent sign is not followed by
// two digits.
std::optional<std::string> form_decode(std::string_view text);
// Safe as text and inside a quoted attribute.
std::string escape_html(std::string_view text);

std::string sha256(std::string_view bytes);
// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);
// A UUID that the same text always gets.
std::string uuid_of(std::string_view text);
// Compares in a time that depends on the lengths alone.
bool same_text(std::string_view left, std::string_view right);

// `bytes` unpredictable bytes in base64url.
std::string random_token(std::size_t bytes);
// `count` characters drawn evenly from the alphabet, which has at most 256.
std::string random_text(std::size_t count, std::string_view alphabet);

}  // namespace hearth::sandbox
