// A setting's value before it is judged: as config.toml has it, or as it was typed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"

namespace hearth::config {

using Value = std::variant<std::string, double, std::vector<std::string>>;

// How a value is written.
enum class Form : std::uint8_t { text, number, list };

// What was typed, as a value of that form; the parts of a list are separated by spaces.
Value typed(Form form, std::string_view text);
// One line for people, from which `typed` makes the same value again.
std::string shown(const Value& value);

// Each refuses a value of another kind with a reason that follows the key's name: "must be …".
Result<std::string> as_text(const Value& value);
Result<std::string> as_url(const Value& value);   // https, or http to loopback.
Result<std::string> as_path(const Value& value);  // Absolute.
Result<Span> as_span(const Value& value);         // "5m", or seconds; more than nothing.
Result<double> as_number(const Value& value, double least, double most);
Result<std::int64_t> as_integer(const Value& value, std::int64_t least, std::int64_t most);
Result<std::vector<std::string>> as_list(const Value& value);
Result<std::string> as_choice(const Value& value, const std::vector<std::string_view>& choices);

// The candidate that is most like the word, or empty when none is.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace hearth::config
