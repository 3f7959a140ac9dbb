// AWS Signature Version 4 from the receiver's side: what arrived is canonicalised anew and must
// carry the signature that the key's owner would have put on it. In the header and in the query
// (presigned).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/instant.hpp"
#include "sandbox/message.hpp"

namespace hearth::sandbox {

// What a signature says about itself, believed by nobody yet.
struct SignatureClaim {
    std::string access_key;
    std::string date;  // YYYYMMDD, as the scope has it.
    std::string region;
    std::string service;
    std::string timestamp;  // YYYYMMDDTHHMMSSZ.
    Instant signed_at;
    std::optional<seconds> lifetime;   // Of a presigned request alone.
    std::vector<std::string> headers;  // The signed ones, lower case, sorted.
    std::string signature;
    std::string session_token;
};

struct SignatureFault {
    enum class Kind : std::uint8_t {
        absent,
        incomplete,  // It cannot be read, or leaves out what must be signed.
        mismatch,
        expired,    // Signed too long ago.
        too_early,  // Signed in the future.
    };
    Kind kind = Kind::absent;
    std::string what;
};
template <class T>
using SignatureOutcome = std::expected<T, SignatureFault>;

inline constexpr seconds signature_window{300};

// Two Authorization headers contradict each other, whatever they say.
bool authorized_twice(const Request& request);
SignatureOutcome<SignatureClaim> read_signature(const Request& request);
// Whether it was made now, give or take the window, with this secret, and for this very request.
SignatureOutcome<void> check_signature(const Request& request, const SignatureClaim& claim,
                                       std::string_view secret, Instant now);

}  // namespace hearth::sandbox
