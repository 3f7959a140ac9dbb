// What `aws sso login` leaves for other programs: read, never written.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "providers/aws/keys.hpp"
#include "providers/aws/resolve.hpp"

namespace hearth::providers::aws {

struct CachedSsoToken {
    Secret access_token;
    Instant expires_at;
    std::string file;
};

// ~/.aws/sso/cache/….json, named for the sso-session, or the start URL where there is none.
std::string sso_cache_file(const IdentityCenter& way, std::string_view home);

// Kind::needs_person, naming the file and what to do, for one that is not there, cannot be read,
// or has expired.
std::expected<CachedSsoToken, KeysFailure> cached_sso_token(const IdentityCenter& way,
                                                            std::string_view home, PlanFiles& files,
                                                            Instant now);

}  // namespace hearth::providers::aws
