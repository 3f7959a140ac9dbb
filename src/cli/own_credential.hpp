#pragma once

#include <optional>

#include "cli/invocation.hpp"
#include "cli/json_line.hpp"
#include "cli/message.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "sources/source.hpp"

namespace hearth::cli {

// Tells the agent which sources this process was given itself (docs/sources.md), by their names.
void offer(const Invocation& invocation, Request& request);

struct OwnCredential {
    const sources::Source* source = nullptr;
    Secret token;
};
// What the agent says to take from this process; absent when its answer is a credential already.
// Can be asked once: a descriptor is read to its end.
Result<std::optional<OwnCredential>> own_credential(const Invocation& invocation,
                                                    const Message& answer);

}  // namespace hearth::cli
