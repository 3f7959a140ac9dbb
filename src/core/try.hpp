// HEARTH_TRY(expression): the value of a Result, or return its error from the enclosing function.
#pragma once

#include <expected>
#include <utility>

// This libstdc++ has no monadic std::expected. The macro returns, so it does not belong in a
// coroutine.
#define HEARTH_TRY(...)                                               \
    __extension__({                                                   \
        auto hearth_result = (__VA_ARGS__);                           \
        if (!hearth_result) [[unlikely]]                              \
            return std::unexpected(std::move(hearth_result).error()); \
        *std::move(hearth_result);                                    \
    })

// The same for a Result<> that carries no value.
#define HEARTH_CHECK(...)                                             \
    do {                                                              \
        auto hearth_result = (__VA_ARGS__);                           \
        if (!hearth_result) [[unlikely]]                              \
            return std::unexpected(std::move(hearth_result).error()); \
    } while (false)
