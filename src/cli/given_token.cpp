#include "cli/given_token.hpp"

#include <algorithm>

namespace hearth::cli {
namespace {

std::unexpected<Error> wrong(std::string what) {
    return std::unexpected(
        Error{Remedy::usage, std::move(what), "hearth login PROFILE --with-token <FILE"});
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

}  // namespace

Result<Secret> given_token(std::string_view input) {
    const auto token = trimmed(input);
    if (token.empty()) return wrong("no token was given");
    if (token.size() > longest_token)
        return wrong("the token is longer than " + std::to_string(longest_token) + " characters");
    if (token.find_first_of("\r\n") != std::string_view::npos)
        return wrong("a token is one line, and more was given");
    if (!std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7F'; }))
        return wrong("the token has a character in it that no token has");
    return Secret(token);
}

}  // namespace hearth::cli
