#pragma once

#include "core/clock.hpp"
#include "core/http.hpp"
#include "core/random.hpp"
#include "oauth/callback.hpp"
#include "oauth/waiter.hpp"

namespace hearth::providers {

// The outside world of a provider; all of it outlives the provider.
struct Ports {
    Http& http;
    const Clock& clock;
    Random& random;
    oauth::Callbacks& callbacks;
    oauth::Waiter& waiter;
};

}  // namespace hearth::providers
