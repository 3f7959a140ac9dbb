#include "core/name.hpp"

#include <algorithm>

namespace hearth {
namespace {

bool allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

}  // namespace

Result<Name> Name::parse(std::string_view text) {
    const bool fits = !text.empty() && text.size() <= 64 && text.front() != '.' &&
                      text.front() != '-' && std::ranges::all_of(text, allowed);
    if (!fits) {
        return std::unexpected(
            Error{Remedy::usage, "not a name that a profile can have",
                  "1 to 64 of A-Z a-z 0-9 . _ - that do not begin with a dot or a dash"});
    }
    return Name(text);
}

}  // namespace hearth
