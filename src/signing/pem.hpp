// Textual encodings of keys and certificates (RFC 7468, and RFC 1421 before it).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::signing {

// One block, as it lies in a text that outlives it.
struct PemBlock {
    std::string_view label;    // "PRIVATE KEY"
    std::string_view headers;  // "Proc-Type: 4,ENCRYPTED" and the like; mostly empty.
    std::string_view encoded;  // In base64, with its line ends.
};

// In their order; what is between them is skipped, and a block without an end is none.
std::vector<PemBlock> pem_blocks(std::string_view text);

// The octets; the error quotes none of them.
Result<Secret> octets_of(const PemBlock& block);

}  // namespace hearth::signing
