#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string_view>

#include "hearth/sigv4.hpp"
#include "sigv4/sha256.hpp"

namespace hearth::sigv4 {

// The key of a v4a signature: on the curve P-256, and the same for all days, regions and services.
class EllipticKey {
  public:
    // The number that `id` and `secret` give; wipe it after use.
    static Digest scalar(std::string_view id, std::string_view secret) noexcept;
    static Result<EllipticKey> derive(std::string_view id, std::string_view secret);

    // In hexadecimal; another one each time.
    [[nodiscard]] Result<Text<144>> sign(std::string_view text) const;
    [[nodiscard]] EVP_PKEY* get() const noexcept { return key_.get(); }

  private:
    explicit EllipticKey(std::shared_ptr<EVP_PKEY> key) noexcept : key_(std::move(key)) {}

    std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace hearth::sigv4
