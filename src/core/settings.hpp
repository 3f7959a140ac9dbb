#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "core/profile.hpp"
#include "core/sink.hpp"

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

struct NetworkSettings {
    std::string certificates;  // The authorities to trust, and no others; empty: the system's.
    bool operator==(const NetworkSettings&) const = default;
};

// The whole of config.toml.
struct Settings {
    StoreSettings store;
    NetworkSettings network;
    RateLimit rate;
    // Shared, because an agent may keep a hundred thousand of them.
    std::map<ProfileName, std::shared_ptr<const Profile>> profiles;
    std::map<Name, SinkSettings> sinks;
};

}  // namespace hearth
