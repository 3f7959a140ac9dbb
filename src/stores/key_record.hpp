#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hearth/secret.hpp"
#include "stores/seal.hpp"
#include "stores/store.hpp"

namespace hearth::stores {

// What key.json says: which key the files are sealed with, and that key, wrapped. Nothing in it is
// secret.
struct KeyRecord {
    static constexpr int newest_format = 1;

    int format = newest_format;
    std::string key_id;
    std::string source;  // As name_of(KeySource).
    Stretch stretch;     // For a passphrase.
    std::string salt;    // For a passphrase.
    std::string wrapped;

    // What the wrapping is bound to.
    [[nodiscard]] std::string context() const;
    [[nodiscard]] std::string to_text() const;
    // Fault::damaged, naming `path`, for what is no key.json, was changed, or is of a newer format.
    static StoreResult<KeyRecord> parse(const Secret& text, const std::string& path);
};

// The error for a file that a newer hearth wrote.
StoreError newer_format(const std::string& path, std::int64_t format);

}  // namespace hearth::stores
