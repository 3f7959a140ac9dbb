#pragma once

#include <chrono>
#include <optional>

#include "cli/arguments.hpp"
#include "core/time.hpp"
#include "core/try.hpp"

namespace hearth::cli {

inline constexpr Option min_ttl_option{
    "--min-ttl", "SPAN", "at least this much life: 90s, 5m, 1h30m; a bare number is seconds"};

// Rounded up to whole seconds.
inline Result<std::optional<std::chrono::seconds>> min_ttl_of(const Arguments& arguments) {
    const auto given = arguments.value(min_ttl_option.name);
    if (!given) return std::nullopt;
    auto span = parse_span(*given);
    if (!span) {
        span.error().what = "--min-ttl is not a span of time";
        return std::unexpected(std::move(span).error());
    }
    return std::chrono::ceil<std::chrono::seconds>(*span);
}

}  // namespace hearth::cli
