// Credential files of every type, for programs that are to find this sandbox by them.
#pragma once

#include <boost/json/object.hpp>

#include <expected>
#include <string>

#include "sandbox/state.hpp"

namespace hearth::sandbox {

// The file that `wish` describes; `make` is its type. The failure says what is wrong with the wish.
std::expected<boost::json::object, std::string> make_google_file(State& state,
                                                                 const boost::json::object& wish);

}  // namespace hearth::sandbox
