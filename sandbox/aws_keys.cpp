#include "sandbox/aws_keys.hpp"

#include <algorithm>

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

constexpr std::string_view secret_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

AwsKey fresh_key(std::string_view kind, Principal principal) {
    return {.id = aws_identifier(kind),
            .secret = random_text(40, secret_letters),
            .token = {},
            .principal = std::move(principal)};
}

}  // namespace

const AwsKey& AwsKeys::add_long_term(Principal principal) {
    auto key = fresh_key("AKIA", std::move(principal));
    return keys_.emplace(key.id, std::move(key)).first->second;
}

const AwsKey& AwsKeys::issue(Principal principal, seconds lifetime, Instant now) {
    auto key = fresh_key("ASIA", std::move(principal));
    // Slashes, plus signs and an equals sign: what a real one has, and what careless quoting
    // breaks.
    key.token = "sandbox_session_" + random_text(200, secret_letters) + "/+=";
    key.expires_at = std::chrono::floor<seconds>(now + lifetime);
    return keys_.emplace(key.id, std::move(key)).first->second;
}

const AwsKey* AwsKeys::find(std::string_view id) const {
    const auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : &found->second;
}

void AwsKeys::expire(Instant now) {
    for (auto& [id, key] : keys_)
        if (!key.token.empty()) key.expires_at = std::min(key.expires_at, now);
}

std::string to_iso8601(Instant instant) { return to_rfc3339(instant).substr(0, 19) + 'Z'; }

std::string aws_identifier(std::string_view kind) {
    return std::string(kind) + random_text(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

}  // namespace hearth::sandbox
