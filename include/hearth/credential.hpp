// What a caller uses now, whoever issued it: one verb, authorize(request), for every provider.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth {

struct Header {
    std::string name;
    std::string value;

    bool operator==(const Header&) const = default;
};

// An HTTP request as far as authorising it needs to know. `url` is absolute, and as it is sent.
struct Request {
    std::string method = "GET";
    std::string url;
    std::vector<Header> headers;
    // What a signature covers besides, and what nothing but a signature looks at. `payload_hash` is
    // the body's SHA-256 in lower-case hexadecimal, or one of the texts that AWS takes instead
    // (sigv4.hpp); empty: `body` is hashed.
    std::string body;
    std::string payload_hash;
    // The signing name and the region; empty: those that the host's name says, else the profile's.
    std::string service;
    std::string region;
};

// A header that the provider wants beside the credential itself.
struct HeaderRule {
    enum class Merge : std::uint8_t {
        if_absent,    // Set it unless the request has one of that name.
        append_list,  // Add the value to a comma-separated list, once.
    };
    std::string name;
    std::string value;
    Merge merge = Merge::if_absent;

    bool operator==(const HeaderRule&) const = default;
};

// Tells one renewal of one sign-in from every other: `lineage` is random and new at each sign-in,
// `counter` is one more at each renewal.
struct Version {
    std::string lineage;
    std::uint64_t counter = 0;

    bool operator==(const Version&) const = default;
};

// What AWS's services and SDKs call the parts of a credential.
struct AwsKeys {
    std::string access_key_id;
    Secret secret_access_key;
    Secret session_token;    // Empty for keys that do not expire.
    std::string account_id;  // Empty where nobody said.
    std::string region;      // For requests that name none; empty where nobody said.
};

// How a credential puts itself into requests by signing them. Safe from any thread.
class RequestSigner {
  public:
    virtual ~RequestSigner() = default;
    // Adds the headers of a signature that covers the request as it is. Remedy::usage when the
    // service or the region is not known, or the request cannot be signed.
    virtual Result<> sign(Request& request, const AwsKeys& keys) const = 0;
    // A token that stands for a signature, for services that take one: Bedrock's short-term API
    // key.
    [[nodiscard]] virtual Result<Secret> bearer(const AwsKeys& keys) const = 0;
};

// An immutable credential; safe to share among threads.
class Credential {
  public:
    enum class Kind : std::uint8_t {
        bearer,   // Authorization: Bearer TOKEN (RFC 6750 section 2.1)
        api_key,  // x-api-key: KEY
        aws,      // A signature by AWS's keys (Signature Version 4)
    };

    struct Parts {
        Kind kind = Kind::bearer;
        Secret token;
        std::string profile;
        Version version;
        // Absent for what does not expire.
        std::optional<std::chrono::sys_seconds> expires_at;
        std::vector<HeaderRule> headers;
        // Kind::aws: the keys, and what signs with them; never null then. `token` is what the
        // process credential provider of AWS's SDKs takes, a JSON object.
        std::optional<AwsKeys> aws;
        std::shared_ptr<const RequestSigner> signer;
    };

    explicit Credential(Parts parts) noexcept : parts_(std::move(parts)) {}

    // Puts this credential into the request's headers, replacing an Authorization or x-api-key that
    // is there; a signature covers the request as it is, and whatever is changed after that breaks
    // it. Refuses (Remedy::refused) to put it on a plain-http request to anything but
    // loopback, and (Remedy::usage) a URL that is not absolute. The request's strings then hold the
    // secret: they are the caller's to keep.
    Result<> authorize(Request& request) const;

    [[nodiscard]] Kind kind() const noexcept { return parts_.kind; }
    [[nodiscard]] const Secret& token() const noexcept { return parts_.token; }
    // Null unless this is of Kind::aws.
    [[nodiscard]] const AwsKeys* aws_keys() const noexcept {
        return parts_.aws ? &*parts_.aws : nullptr;
    }
    // What goes behind "Authorization: Bearer": the token, or what stands for a signature where a
    // service takes such. Remedy::usage for an API key.
    [[nodiscard]] Result<Secret> bearer() const;
    [[nodiscard]] const std::string& profile() const noexcept { return parts_.profile; }
    [[nodiscard]] const Version& version() const noexcept { return parts_.version; }
    [[nodiscard]] std::optional<std::chrono::sys_seconds> expires_at() const noexcept {
        return parts_.expires_at;
    }
    // The header lines that authorise a request to `url`, in sending order.
    [[nodiscard]] Result<std::vector<Header>> headers(const std::string& method,
                                                      const std::string& url) const;

  private:
    Parts parts_;
};

using CredentialPtr = std::shared_ptr<const Credential>;

}  // namespace hearth
