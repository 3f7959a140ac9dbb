// The members of a JSON object that comes from outside.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::sandbox {

// The object that the text is; nothing where it is something else.
std::optional<boost::json::object> object_in(std::string_view text);
// Empty, and nothing, where the member is missing or of another type.
std::string text_in(const boost::json::object& from, std::string_view name);
std::optional<std::int64_t> number_in(const boost::json::object& from, std::string_view name);
bool flag_in(const boost::json::object& from, std::string_view name);
std::vector<std::string> texts_in(const boost::json::object& from, std::string_view name);

}  // namespace hearth::sandbox
