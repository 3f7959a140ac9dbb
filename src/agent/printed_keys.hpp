#pragma once

#include <expected>

#include "core/time.hpp"
#include "hearth/secret.hpp"
#include "sources/helper_output.hpp"

namespace hearth::agent {

struct PrintedKeys {
    Secret document;  // As hearth writes it, with an end.
    Span good_for{};  // So long it is handed out.
};

// The keys of AWS in what a command printed at `now`, in either of the shapes that AWS's programs
// know. They are kept until five minutes before they expire; what says no end for `kept_for`, and
// is given an end, so that programs come back for newer ones.
std::expected<PrintedKeys, sources::HelperTrouble> keys_printed(const Secret& printed, Instant now,
                                                                Span kept_for);

}  // namespace hearth::agent
