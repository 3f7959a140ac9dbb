#pragma once

#include <cstdint>
#include <string>

#include "cli/json_view.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::cli {

// One line of the agent's.
struct Message {
    enum class Kind : std::uint8_t { event, ok, error };

    // Remedy::failed for a line that is none of these; the error quotes none of it.
    static Result<Message> parse(Secret line);

    // What an error says; Remedy::failed when its remedy is unknown.
    [[nodiscard]] Error error() const;

    Secret line;  // What `body` looks into.
    Kind kind = Kind::ok;
    JsonView body;  // The value of "event", "ok" or "error".
};

}  // namespace hearth::cli
