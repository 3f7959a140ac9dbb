#include "cli/own_credential.hpp"

#include "core/try.hpp"
#include "sources/given.hpp"
#include "sources/resolution.hpp"

namespace hearth::cli {
namespace {

// Names of variables need no escapes.
std::string listed(const std::vector<std::string>& names) {
    std::string list = "[";
    for (const auto& name : names) list += (list.size() > 1 ? ",\"" : "\"") + name + "\"";
    return list + "]";
}

}  // namespace

void offer(const Invocation& invocation, Request& request) {
    const auto offered = sources::offer_of(invocation.environment);
    if (!offered.filled.empty()) request.json("offered", listed(offered.filled));
    if (!offered.empty.empty()) request.json("empty", listed(offered.empty));
}

Result<std::optional<OwnCredential>> own_credential(const Invocation& invocation,
                                                    const Message& answer) {
    const auto name = answer.body["yours"].text();
    if (name.empty()) return std::nullopt;
    const auto* const source = sources::find(name);
    if (source == nullptr) {
        return std::unexpected(Error{Remedy::failed,
                                     "the agent names a source that this program does not know",
                                     "hearth agent stop; the next one is of this version"});
    }
    auto token = HEARTH_TRY(sources::take(*source, invocation.environment));
    return OwnCredential{.source = source, .token = std::move(token)};
}

}  // namespace hearth::cli
