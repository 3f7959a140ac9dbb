#pragma once

#include <functional>
#include <optional>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "hearth/credential.hpp"
#include "hearth/secret.hpp"
#include "hearth/sigv4.hpp"
#include "providers/google/material.hpp"

namespace hearth::providers::google {

// What getting a token needs of the world. All of it outlives the call.
struct Outside {
    Http& http;
    const Clock& clock;
    Material& material;
    const sigv4::Signer& signer;
    // Whether a command that a credential file names may be run at all.
    bool allow_executables = false;
    // What that command printed for one who asked; absent where nobody ran it.
    std::optional<Secret> printed;
};

}  // namespace hearth::providers::google
