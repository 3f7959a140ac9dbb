// The caller's terminal: stdout carries the product, stderr the words for people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/exit_status.hpp"
#include "core/places.hpp"
#include "hearth/error.hpp"

namespace hearth::cli {

enum class Colour : std::uint8_t { none, red, green, yellow, cyan, faint, bold };

// The text in a colour, for a terminal that shows colours.
std::string painted(std::string_view text, Colour colour);

class Terminal {
  public:
    explicit Terminal(const Environment& environment) : environment_(environment) {}

    // Whether there is a person who can be asked: both stdin and stderr are terminals.
    [[nodiscard]] static bool has_person() noexcept;
    [[nodiscard]] static bool shows_output() noexcept;  // stdout is a terminal.
    [[nodiscard]] static bool shows_words() noexcept;   // stderr is a terminal.
    [[nodiscard]] static bool reads_keys() noexcept;    // stdin is a terminal.
    // Columns of the terminal that stdout is; 80 when it does not tell.
    [[nodiscard]] static std::size_t width() noexcept;
    // False with NO_COLOR set or TERM=dumb.
    [[nodiscard]] bool colours() const;

    // Writes the whole text, remembering whether that worked. Secrets go this way too: nothing is
    // kept.
    void out(std::string_view text) noexcept;
    static void words(std::string_view text) noexcept;
    // From now on words go nowhere, those of programs that are started as well.
    static void hush() noexcept;

    // "hearth: what" and "hint: ...", made harmless for a terminal.
    ExitStatus fail(const Error& error);
    // Done, or failed when something could not be written to stdout.
    ExitStatus end();

  private:
    const Environment& environment_;
    int problem_ = 0;  // The errno of the first failure to write to stdout.
};

}  // namespace hearth::cli
