#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth {

// The name of a profile or of a session: 1 to 64 of A-Z a-z 0-9 . _ - and not beginning with a dot
// or a dash, so that it is a file name, a keychain attribute and a shell word alike.
class Name {
  public:
    static Result<Name> parse(std::string_view text);
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    auto operator<=>(const Name&) const = default;

  private:
    explicit Name(std::string_view text) : text_(text) {}
    std::string text_;
};

using ProfileName = Name;
// One per sign-in, shared by every profile that rests on it.
using SessionId = Name;

}  // namespace hearth

template <>
struct std::hash<hearth::Name> {
    std::size_t operator()(const hearth::Name& name) const noexcept {
        return std::hash<std::string>{}(name.text());
    }
};
