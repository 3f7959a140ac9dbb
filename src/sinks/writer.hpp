#pragma once

#include "core/sink.hpp"
#include "hearth/error.hpp"
#include "sinks/contents.hpp"

namespace hearth::sinks {

// Writes what readers of the sink are to find from now on. Each file is replaced as a whole; what
// is there already is left alone. Blocks on the disk. The error names the path. True: it was
// changed.
Result<bool> write(const SinkSettings& sink, const Handout& handout);

// Takes away what holds a credential, as after a sign-out. True: something was there.
Result<bool> clear(const SinkSettings& sink);

}  // namespace hearth::sinks
