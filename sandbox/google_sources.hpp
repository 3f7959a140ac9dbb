// Where a file of workload or workforce identity federation has its subject tokens from.
#pragma once

#include <boost/json/object.hpp>

#include <expected>
#include <string>
#include <string_view>

#include "sandbox/state.hpp"

namespace hearth::sandbox {

// The file's `credential_source`, for tokens of that audience. The failure says what is wrong with
// the wish.
std::expected<boost::json::object, std::string> credential_source(const State& state,
                                                                  const boost::json::object& wish,
                                                                  std::string_view audience);

}  // namespace hearth::sandbox
