#include "providers/aws/plain_values.hpp"

#include <algorithm>
#include <charconv>

namespace hearth::providers::aws {
namespace {

bool same_letters(std::string_view text, std::string_view lower_case) noexcept {
    return std::ranges::equal(text, lower_case, [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? left - 'A' + 'a' : left) == right;
    });
}

}  // namespace

std::optional<bool> plain_flag(std::string_view text) noexcept {
    if (same_letters(text, "true")) return true;
    if (same_letters(text, "false")) return false;
    return {};
}

std::optional<std::int64_t> plain_number(std::string_view text) noexcept {
    std::int64_t number = 0;
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stopped != text.data() + text.size()) return {};
    return number;
}

bool plain_region(std::string_view text) noexcept {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, fits);
}

}  // namespace hearth::providers::aws
