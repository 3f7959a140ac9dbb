#pragma once

#include <cstdint>
#include <utility>

#include "hearth/error.hpp"

namespace hearth::cli {

// What the program ends with; 1 to 6 are the remedies of errors.
enum class ExitStatus : std::uint8_t {
    done = 0,
    failed = 1,
    usage = 2,
    sign_in = 3,
    unreachable = 4,
    store_locked = 5,
    refused = 6,
    interrupted = 130,  // What shells make of ctrl-C.
};

constexpr ExitStatus exit_status(Remedy remedy) noexcept {
    return static_cast<ExitStatus>(std::to_underlying(remedy));
}

}  // namespace hearth::cli
