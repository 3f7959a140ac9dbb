// How hearth fails: an error names the thing and the place, and carries the caller's next step.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace hearth {

// What the caller can do about a failure. The values are the command line's exit statuses.
enum class Remedy : std::uint8_t {
    failed = 1,        // Nothing the caller can decide; the text says what went wrong.
    usage = 2,         // The request itself is wrong: a name, an option, a setting.
    sign_in = 3,       // A person has to sign in.
    unreachable = 4,   // The provider or the network does not answer; later may work.
    store_locked = 5,  // The keychain is locked or absent.
    refused = 6,       // A policy forbids it.
};

struct Error {
    Remedy remedy = Remedy::failed;
    std::string what;  // One lower-case sentence without a full stop; never a secret.
    std::string hint;  // What to type or change next; may be empty.

    bool operator==(const Error&) const = default;
};

template <class T = void>
using Result = std::expected<T, Error>;

// The remedy's stable name in JSON: "failed", "usage", "sign_in", ...
std::string_view to_string(Remedy remedy) noexcept;

}  // namespace hearth
