#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/profile.hpp"

namespace hearth {

enum class StoreKind : std::uint8_t { keychain, sealed, memory };

struct StoreSettings {
    StoreKind kind = StoreKind::keychain;
    // Where the sealed file's key comes from: "passphrase", "key_file", "key_fd" or "keychain".
    std::string key_source = "passphrase";
    std::string key_file;
    int key_fd = -1;
    Span timeout = std::chrono::seconds(10);  // For one call to the keychain.
};

// Requests per issuer (design: the promise "Bounded").
struct RateLimit {
    double per_second = 20;
    double burst = 50;
};

// The whole of config.toml.
struct Settings {
    StoreSettings store;
    RateLimit rate;
    std::map<ProfileName, Profile> profiles;
};

}  // namespace hearth
