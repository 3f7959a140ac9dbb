// Access keys: the one that never ends, and those that sessions bring.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/instant.hpp"

namespace hearth::sandbox {

// Whom a key speaks for.
struct Principal {
    std::string account;
    std::string arn;
    std::string user_id;
    std::string role;  // The role's name; empty for a user.
    bool with_mfa = false;
};

struct AwsKey {
    std::string id;
    std::string secret;
    std::string token;  // Empty: it is a long-term key.
    Principal principal;
    Instant expires_at = Instant::max();  // Whole seconds, as every answer writes it.
};

class AwsKeys {
  public:
    // References stay valid: no key is ever forgotten, only refused.
    const AwsKey& add_long_term(Principal principal);
    const AwsKey& issue(Principal principal, seconds lifetime, Instant now);
    [[nodiscard]] const AwsKey* find(std::string_view id) const;
    // Every temporary key ends now.
    void expire(Instant now);

  private:
    std::map<std::string, AwsKey, std::less<>> keys_;
};

// 2026-01-02T03:04:05Z.
std::string to_iso8601(Instant instant);
// An identifier of AWS's shape: four letters of its kind and sixteen more.
std::string aws_identifier(std::string_view kind);

}  // namespace hearth::sandbox
