// The one form in which AWS Signature Version 4 sees a request, however it was written.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/message.hpp"

namespace hearth::sandbox {

// The text whose hash is signed; the signed headers are lower case and sorted.
std::string canonical_request(const Request& request,
                              const std::vector<std::string>& signed_headers);

// Names and values as they were meant, in the order in which they came.
using Pairs = std::vector<std::pair<std::string, std::string>>;
Pairs query_pairs(std::string_view query);
// Trimmed, and each run of blanks made one.
std::string folded(std::string_view value);
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace hearth::sandbox
