// JSON read where it lies: nothing is copied, so there is nothing to wipe but the text itself.
// Light enough for the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::json {

// One value within a text that outlives it. What is absent or of another type reads as empty,
// because members may be added and left out. A name that is written with escapes is not found.
class View {
  public:
    // Null.
    View() noexcept = default;
    // Remedy::failed when the text is not exactly one JSON value, or nests deeper than 32; the
    // error quotes none of it.
    static Result<View> parse(std::string_view text);

    struct Member;

    [[nodiscard]] bool is_null() const noexcept { return text_ == "null"; }
    [[nodiscard]] bool is_object() const noexcept { return text_.starts_with('{'); }
    [[nodiscard]] bool is_text() const noexcept { return text_.starts_with('"'); }
    // The member of that name; null when there is none.
    [[nodiscard]] View operator[](std::string_view name) const noexcept;
    [[nodiscard]] std::vector<Member> members() const;
    [[nodiscard]] std::vector<View> items() const;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] Secret secret() const;
    // A whole number; a fraction is dropped. Empty for one with an exponent.
    [[nodiscard]] std::optional<std::int64_t> number() const noexcept;
    [[nodiscard]] bool flag() const noexcept { return text_ == "true"; }
    // As it is written.
    [[nodiscard]] std::string_view raw() const noexcept { return text_; }

  private:
    explicit View(std::string_view text) noexcept : text_(text) {}

    std::string_view text_ = "null";
};

struct View::Member {
    std::string name;
    View value;
};

}  // namespace hearth::json
