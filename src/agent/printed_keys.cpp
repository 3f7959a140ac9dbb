#include "agent/printed_keys.hpp"

#include <algorithm>

#include "providers/aws/process_document.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using Kind = sources::HelperTrouble::Kind;

constexpr Span before_expiry = 5min;
constexpr Span least_end = 1h;

std::unexpected<sources::HelperTrouble> because(Kind kind) {
    return std::unexpected(sources::HelperTrouble{.kind = kind});
}

}  // namespace

std::expected<PrintedKeys, sources::HelperTrouble> keys_printed(const Secret& printed, Instant now,
                                                                Span kept_for) {
    if (printed.size() > sources::most_keys) return because(Kind::no_keys);
    const auto keys = providers::aws::keys_in_document(printed.reveal());
    if (!keys) return because(Kind::no_keys);
    const auto& expires_at = keys->expires_at;
    if (expires_at && *expires_at <= now) return because(Kind::expired);
    const auto end = expires_at.value_or(now + std::max(kept_for, least_end));
    return PrintedKeys{.document = providers::aws::process_document(keys->keys, end),
                       .good_for = expires_at ? *expires_at - now - before_expiry : kept_for};
}

}  // namespace hearth::agent
