// The agent's other process. The agent itself starts no program once it is confined, and waits for
// no disk that somebody chose; this one writes the files of sinks and runs the commands after them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/descriptor.hpp"
#include "core/places.hpp"
#include "core/sink.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "sinks/contents.hpp"

namespace hearth::agent {

// Forks it. The commands that it runs are those of config.toml, read by itself and never taken
// from an order. The descriptor is a socket of packets, one order or report each. It ends when that
// is closed, after what was ordered is done. Call it while there is one thread, before the process
// is confined and before it holds a secret.
Result<Descriptor> begin_outside(const Places& places);

// The most bytes of an order, and of a report.
inline constexpr std::size_t longest_packet = std::size_t{64} * 1024;

// One sink to write, or, without a handout, to clear; `decided` is since when that is so. Of two
// processes that write one sink the later decision counts, however long its order took.
Secret order_of(const SinkSettings& sink, const sinks::Handout* handout, Instant decided);

// One for each order. With a trouble and yet changed it is the command after the change that
// failed.
struct SinkReport {
    std::string sink;
    bool cleared = false;  // By an order without a handout.
    Instant decided;       // As the order had it.
    bool changed = false;
    std::string trouble;  // Empty when all is well.
    std::string hint;
};
std::optional<SinkReport> parse_report(std::string_view packet);

}  // namespace hearth::agent
