// The calls of AWS's Security Token Service that credentials come from (version 2011-06-15).
#pragma once

#include <expected>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "hearth/sigv4.hpp"
#include "providers/aws/keys.hpp"
#include "providers/aws/plan.hpp"
#include "providers/aws/sts_place.hpp"

namespace hearth::providers::aws {

struct CallerIdentity {
    std::string user_id;
    std::string account;
    std::string arn;
};

// Blocks its caller. A call is sent again once, with the time corrected, where the service says
// that this machine's clock is wrong. Safe from any thread.
class Sts {
  public:
    // All of it outlives this.
    Sts(Http& http, const Clock& clock, const sigv4::Signer& signer) noexcept
        : http_(http), clock_(clock), signer_(signer) {}

    // `token_code` is that of the role's MFA device; empty where it has none.
    KeysResult assume_role(const AssumeRole& role, std::string_view session_name,
                           std::string_view token_code, const StaticKeys& caller,
                           const std::stop_token& stop);
    // Not signed: the identity token speaks for itself.
    KeysResult assume_role_with_web_identity(const WebIdentity& role, std::string_view session_name,
                                             const Secret& identity_token,
                                             const std::stop_token& stop);
    std::expected<CallerIdentity, KeysFailure> caller_identity(const ServiceSettings& settings,
                                                               const StaticKeys& caller,
                                                               const std::stop_token& stop);
    // A JWT of AWS's own that says who the caller is (GetWebIdentityToken), for five minutes.
    std::expected<Secret, KeysFailure> web_identity_token(const ServiceSettings& settings,
                                                          const std::string& audience,
                                                          const StaticKeys& caller,
                                                          const std::stop_token& stop);

  private:
    Http& http_;
    const Clock& clock_;
    const sigv4::Signer& signer_;
};

}  // namespace hearth::providers::aws
