#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "providers/aws/keys.hpp"

namespace hearth::providers::aws {

// What the process credential provider of AWS's SDKs reads: a JSON object with Version 1.
Secret process_document(const StaticKeys& keys, std::optional<Instant> expires_at);

// Keys as programs print them: such an object, or one with it as "Credentials", as the token
// service's answers have it. Remedy::usage, quoting nothing, for anything else.
Result<Keys> keys_in_document(std::string_view text);

// The address behind a short-term API key of Bedrock, which is presigned; empty for what is none.
std::string address_in_bedrock_key(std::string_view key);

// Which keys something that was made of them is of: such a document, a short-term API key of
// Bedrock, or the identifier itself. Empty for anything else.
std::string access_key_id_in(std::string_view handed_out);
// Both are of keys, and of the same.
bool of_same_keys(std::string_view left, std::string_view right);

}  // namespace hearth::providers::aws
