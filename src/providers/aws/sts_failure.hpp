#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/http.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "providers/aws/keys.hpp"
#include "providers/aws/sts_place.hpp"

namespace hearth::providers::aws {

// What an answer that is no success means, with the service's own words and the next step, and
// without the secrets that the call was made with.
KeysFailure sts_failure(std::string_view action, const StsPlace& place,
                        const HttpResponse& response, const std::vector<Secret>& secrets,
                        Instant now);

// By how much the service's clock is ahead, where that is what it refused.
std::optional<Span> refused_time(const HttpResponse& response, Instant before, Instant after);

}  // namespace hearth::providers::aws
