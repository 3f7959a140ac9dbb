// AWS Signature Version 4, and 4a, which covers several regions: signs requests, sends nothing.
// Stands by itself: it needs hearth/error.hpp and the standard library, and none of hearth's
// engine.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth::sigv4 {

// A short text that brings its room along. What does not fit is cut off.
template <std::size_t capacity>
class Text {
  public:
    constexpr Text& append(std::string_view piece) noexcept {
        const auto fits = std::min(piece.size(), capacity - size_);
        std::copy_n(piece.begin(), fits, characters_.data() + size_);
        size_ += fits;
        return *this;
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept {
        return {characters_.data(), size_};
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    friend bool operator==(const Text& left, std::string_view right) noexcept {
        return left.view() == right;
    }

  private:
    std::array<char, capacity> characters_{};
    std::size_t size_ = 0;
};

// Texts that may stand in Request::payload_hash instead of a hash.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view unsigned_chunks = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
inline constexpr std::string_view signed_chunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
inline constexpr std::string_view signed_chunks_and_trailer =
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
inline constexpr std::string_view signed_events = "STREAMING-AWS4-HMAC-SHA256-EVENTS";

struct HeaderView {
    std::string_view name;
    std::string_view value;
};

// A request as it goes over the wire; everything is borrowed for the length of a call.
struct Request {
    std::string_view method = "GET";
    std::string_view host;   // With the port where it is not the scheme's own.
    std::string_view path;   // Without the query; percent-encoded, as it is sent. Empty is "/".
    std::string_view query;  // Without "?"; percent-encoded, as it is sent. A "+" is a plus.
    // Signed, all but those that proxies change. Those that the signer makes need not be here; if
    // they are, the signer's take their place.
    std::span<const HeaderView> headers;
    std::string_view body;
    // The body's SHA-256 in lower-case hexadecimal, or one of the texts above. Empty: `body` is
    // hashed.
    std::string_view payload_hash;
};

struct Keys {
    std::string_view id;
    std::string_view secret;
    std::string_view session_token;  // Empty where the keys are not temporary.
};

enum class Algorithm : std::uint8_t {
    v4,   // AWS4-HMAC-SHA256: one region.
    v4a,  // AWS4-ECDSA-P256-SHA256: `region` is a list, "us-east-1,us-west-2", or "*".
};

enum class PathRule : std::uint8_t {
    normalised,  // Dot segments and repeated slashes go; what is left is encoded once more.
    as_given,    // Nothing goes; each segment is encoded once more.
    encoded,     // Nothing goes, and what is encoded already stays as it is.
};

enum class ContentHash : std::uint8_t {
    where_needed,  // x-amz-content-sha256 only for a payload that is not simply hashed.
    always,        // On every signed request; and a presigned one leaves the payload unsigned.
};

enum class SessionToken : std::uint8_t {
    is_signed,
    is_added_afterwards,  // Sent, but left out of the signature; a few services want it so.
};

// Who is asked, and by which rules.
struct Service {
    std::string_view name;    // "sts"
    std::string_view region;  // "eu-central-1"
    Algorithm algorithm = Algorithm::v4;
    PathRule path = PathRule::normalised;
    ContentHash content_hash = ContentHash::where_needed;
    SessionToken session_token = SessionToken::is_signed;

    static constexpr Service s3(std::string_view region) noexcept {
        Service service{.name = "s3", .region = region};
        service.path = PathRule::encoded;
        service.content_hash = ContentHash::always;
        return service;
    }
};

// What the request has to be sent with, beside `host` and the headers that were signed: these, and
// `x-amz-security-token` where the keys have one, and `x-amz-region-set` (the region) with v4a.
struct Signed {
    std::string authorization;  // Authorization
    Text<16> date;              // x-amz-date
    Text<64> content_sha256;    // x-amz-content-sha256; empty where none is to be sent.
    Text<144> signature;        // As in `authorization`; what the first chunk follows.
};

// Signs the chunks of a body that was announced as `signed_chunks`, one after the other. Holds a
// key of one day, wiped when dropped.
class ChunkSigner {
  public:
    ChunkSigner(ChunkSigner&&) noexcept;
    ChunkSigner& operator=(ChunkSigner&&) noexcept;
    ChunkSigner(const ChunkSigner&) = delete;
    ChunkSigner& operator=(const ChunkSigner&) = delete;
    ~ChunkSigner();

    // The line that goes before the chunk; "\r\n" goes after it. The last chunk is empty.
    std::string head(std::string_view chunk);
    // What `content-length` is for `size` octets in chunks of `chunk_size`, the last maybe shorter.
    static std::uint64_t length(std::uint64_t size, std::uint64_t chunk_size) noexcept;

  private:
    friend class Signer;
    struct State;
    explicit ChunkSigner(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

// Signs requests, and keeps the keys that it derives for it: one for each secret, day, region and
// service, the longest unused going first, each wiped when it goes. No secret is kept. May be used
// by several threads at once. Reads no clock: the caller says when.
//
// Every call fails (Remedy::usage) for keys, a region or a service that are empty or cannot stand
// in a header, and for a year that has not four digits; (Remedy::failed) where OpenSSL does.
class Signer {
  public:
    explicit Signer(std::size_t kept_keys = 64);
    Signer(Signer&&) noexcept;
    Signer& operator=(Signer&&) noexcept;
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    ~Signer();

    [[nodiscard]] Result<Signed> sign(const Request& request, const Keys& keys,
                                      const Service& service, std::chrono::sys_seconds at) const;
    // The query of an address that may be used as it is, for 1 second to 7 days: the request's own
    // query first, the signature last. It is a credential for that time.
    [[nodiscard]] Result<std::string> presign(const Request& request, const Keys& keys,
                                              const Service& service, std::chrono::sys_seconds at,
                                              std::chrono::seconds lifetime) const;
    // For the body of a request that was signed just so, by v4 and with `signed_chunks`.
    [[nodiscard]] Result<ChunkSigner> chunks(const Signed& request, const Keys& keys,
                                             const Service& service,
                                             std::chrono::sys_seconds at) const;
    // Wipes all keys, for when somebody signs out.
    void forget() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hearth::sigv4
