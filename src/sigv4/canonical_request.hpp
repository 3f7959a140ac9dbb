#pragma once

#include <memory_resource>
#include <string_view>

#include "hearth/sigv4.hpp"
#include "sigv4/encoding.hpp"
#include "sigv4/signed_headers.hpp"
#include "sigv4/writer.hpp"

namespace hearth::sigv4 {

// The one form of a request that both sides hash.
struct CanonicalRequest {
    const Request& request;
    PathRule path;
    CanonicalQuery& query;
    const SignedHeaders& headers;
    std::string_view payload_hash;

    void append_to(Writer& writer, std::pmr::memory_resource& memory) const;
    [[nodiscard]] Digest hash(std::pmr::memory_resource& memory) const;
};

// What stands for the body, and whether the other side has to be told.
struct Payload {
    Text<64> hash;
    bool told = false;

    static Result<Payload> of(const Request& request, const Service& service);
    static Result<Payload> of_presigned(const Request& request, const Service& service);
};

// The headers to sign, in one array: those that the signer makes, and of the request's own those
// that may be signed and are not made.
std::pmr::vector<HeaderView> headers_to_sign(const Request& request,
                                             std::span<const HeaderView> made,
                                             std::span<const std::string_view> left_out,
                                             std::pmr::memory_resource& memory);

}  // namespace hearth::sigv4
