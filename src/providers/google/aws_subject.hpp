// Subject tokens that AWS's keys make: a signed request that asks AWS who the caller is, which
// Google sends in the caller's place.
#pragma once

#include <string>

#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "hearth/sigv4.hpp"

namespace hearth::providers::google {

inline constexpr const char* aws_subject_type = "urn:ietf:params:aws:token-type:aws4_request";

// Signed in the region of the keys, for the provider that `audience` names and for no other.
// `verification_url` is where AWS is asked, with "{region}" in it; empty: AWS's own. Written as
// Google's libraries write it: JSON, percent-encoded.
Result<Secret> aws_subject(const std::string& verification_url, const AwsKeys& keys,
                           const std::string& audience, const sigv4::Signer& signer, Instant at);

}  // namespace hearth::providers::google
