#pragma once

#include <chrono>
#include <string_view>

#include "hearth/sigv4.hpp"
#include "sigv4/sha256.hpp"

namespace hearth::sigv4 {

// What a signature is good for: a day, a region unless it is v4a, a service.
struct Scope {
    std::string_view algorithm;
    Text<16> date;   // "20150830T123600Z"
    Text<160> text;  // "20150830/us-east-1/iam/aws4_request"

    // Fails for what cannot stand in a header.
    static Result<Scope> of(const Keys& keys, const Service& service, std::chrono::sys_seconds at);
    [[nodiscard]] std::string_view day() const noexcept { return date.view().substr(0, 8); }
    [[nodiscard]] Text<320> string_to_sign(const Digest& canonical_request) const noexcept;
};

}  // namespace hearth::sigv4
