// Whom outgoing requests trust, and who says so.
#pragma once

#include <string>

#include "core/places.hpp"
#include "core/settings.hpp"

namespace hearth::composition {

struct Certificates {
    struct Place {
        std::string path;      // Empty: the system's.
        std::string named_by;  // "SSL_CERT_FILE"
    };
    Place file;
    Place folder;
    bool system_authorities = true;  // Whether the system's fill in for the one that is empty.
};

// `network.certificates`, with which nobody else is trusted; else SSL_CERT_FILE and SSL_CERT_DIR,
// each instead of the system's of its kind, as other programs take them.
Certificates certificates_of(const NetworkSettings& settings, const Environment& environment);

}  // namespace hearth::composition
