#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::agent {

// Writes one line of the protocol, member by member, into memory that is locked and wiped. Inside a
// list names are left empty.
class Line {
  public:
    Line() { text_.append("{"); }

    Line& text(std::string_view name, std::string_view value);
    // Null when there is none, or when it is empty.
    Line& text_or_null(std::string_view name, std::string_view value);
    Line& number(std::string_view name, std::int64_t value);
    Line& flag(std::string_view name, bool value);
    Line& nothing(std::string_view name);
    Line& instant(std::string_view name, std::optional<Instant> value);
    // Whole seconds, rounded down.
    Line& seconds(std::string_view name, std::optional<Span> value);

    Line& object(std::string_view name);  // Opened; closed by `close`.
    Line& list(std::string_view name);
    Line& pair(std::string_view first, std::string_view second);  // A list of two texts.
    Line& close();

    // Closes what is open, ends the line and hands it over.
    [[nodiscard]] Secret take();

  private:
    void name(std::string_view name);
    void quote(std::string_view text);

    SecretBuilder text_;
    std::string closers_ = "}";
    bool first_ = true;
};

// {"error":{"remedy":…,"what":…,"hint":…,"needs":…}}
Secret error_line(const Error& error, std::string_view needs = {});

}  // namespace hearth::agent
