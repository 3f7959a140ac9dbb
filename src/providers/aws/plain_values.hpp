// The texts of flags and numbers, alike in the files and in variables.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth::providers::aws {

// "true" or "false", in capitals or not.
std::optional<bool> plain_flag(std::string_view text) noexcept;
// Digits alone, and a sign before them.
std::optional<std::int64_t> plain_number(std::string_view text) noexcept;
// What can be a label of a host's name: a region is put into one, so it may hold nothing that would
// lead a signed request elsewhere.
bool plain_region(std::string_view text) noexcept;

}  // namespace hearth::providers::aws
