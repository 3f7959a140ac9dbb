#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "core/random.hpp"
#include "hearth/secret.hpp"
#include "hearth/sigv4.hpp"
#include "providers/aws/keys.hpp"

namespace hearth::providers::aws {

// Port: the files that a plan names, read at each use because others write them anew. Safe from any
// thread.
class PlanFiles {
  public:
    virtual ~PlanFiles() = default;
    // Remedy::failed, naming the file, when it cannot be read or holds more than `limit` bytes.
    virtual Result<Secret> file(const std::string& path, std::size_t limit) = 0;
};

// Gets the keys of a role by Identity Center, with the sign-in that is at hand.
using RoleKeys = std::function<KeysResult(const IdentityCenter& role)>;

// All of it outlives a call.
struct Outside {
    Http& http;
    const Clock& clock;
    Random& random;
    PlanFiles& files;
    const sigv4::Signer& signer;
    const RoleKeys& role_keys;  // May be empty.
};

// Gets the keys that a plan promises, role by role from its source on. Blocks its caller; one
// request for each step. `session_name` is for the roles that name none; `token_code` is that of
// the MFA device of the last role, empty where nobody gave one.
KeysResult keys_of(const Plan& plan, std::string_view session_name, std::string_view token_code,
                   const Outside& outside, const std::stop_token& stop);

}  // namespace hearth::providers::aws
