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

// An HTTP request as far as authorising it needs to know. `url` is absolute.
struct Request {
    std::string method = "GET";
    std::string url;
    std::vector<Header> headers;
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

// An immutable credential; safe to share among threads.
class Credential {
  public:
    enum class Kind : std::uint8_t {
        bearer,   // Authorization: Bearer TOKEN (RFC 6750 section 2.1)
        api_key,  // x-api-key: KEY
    };

    struct Parts {
        Kind kind = Kind::bearer;
        Secret token;
        std::string profile;
        Version version;
        // Absent for what does not expire.
        std::optional<std::chrono::sys_seconds> expires_at;
        std::vector<HeaderRule> headers;
    };

    explicit Credential(Parts parts) noexcept : parts_(std::move(parts)) {}

    // Puts this credential into the request's headers, replacing an Authorization or x-api-key that
    // is there. Refuses (Remedy::refused) to put it on a plain-http request to anything but
    // loopback, and (Remedy::usage) a URL that is not absolute. The request's strings then hold the
    // secret: they are the caller's to keep.
    Result<> authorize(Request& request) const;

    [[nodiscard]] Kind kind() const noexcept { return parts_.kind; }
    [[nodiscard]] const Secret& token() const noexcept { return parts_.token; }
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
