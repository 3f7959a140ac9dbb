#pragma once

#include <functional>

#include "core/time.hpp"
#include "stores/libsecret.hpp"

namespace hearth::stores {

enum class ErrandEnd : std::uint8_t { done, abandoned };

// Runs the work on a thread of its own and cancels its cancellable after `limit`. Work that does
// not end soon after that is abandoned: it goes on by itself, so it may own what it uses and refer
// to nothing else.
ErrandEnd run_errand(const Libsecret& library, Span limit,
                     std::move_only_function<void(GCancellable*)> work);

}  // namespace hearth::stores
