// What signing by header and signing by query share.
#pragma once

#include <string_view>

#include "hearth/sigv4.hpp"
#include "sigv4/elliptic_key.hpp"
#include "sigv4/recent.hpp"
#include "sigv4/scope.hpp"

namespace hearth::sigv4 {

// The key of a day, as bytes; wipe it after use.
Digest signing_key(const Keys& keys, const Service& service, std::string_view day) noexcept;

struct Signer::State {
    explicit State(std::size_t kept_keys) : daily(kept_keys), elliptic(kept_keys) {}

    // The key of that day, region and service, kept or derived.
    HmacKey daily_key(const Keys& keys, const Service& service, const Scope& scope);
    Result<EllipticKey> elliptic_key(const Keys& keys);
    Result<Text<144>> signature(const Keys& keys, const Service& service, const Scope& scope,
                                std::string_view string_to_sign);

    Recent<HmacKey> daily;
    Recent<EllipticKey> elliptic;
};

}  // namespace hearth::sigv4
