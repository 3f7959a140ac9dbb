#include "sources/given.hpp"

#include <algorithm>
#include <string>

namespace hearth::sources {
namespace {

std::unexpected<Error> wrong(std::string_view where, const std::string& what) {
    return std::unexpected(Error{Remedy::usage, std::string(where) + " " + what,
                                 "a token is one word of printable characters"});
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

}  // namespace

Result<Secret> token_in(std::string_view text, std::string_view where) {
    const auto token = trimmed(text);
    if (token.empty()) return wrong(where, "holds no token");
    if (token.size() > longest_token)
        return wrong(where, "holds more than " + std::to_string(longest_token) + " characters");
    if (token.find_first_of("\r\n") != std::string_view::npos)
        return wrong(where, "holds more than one line");
    if (!std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7F'; }))
        return wrong(where, "has a character in it that no token has");
    return Secret(token);
}

}  // namespace hearth::sources
