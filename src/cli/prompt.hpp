// What a person types that must not be seen.
#pragma once

#include <termios.h>

#include <csignal>
#include <optional>
#include <string>
#include <string_view>

#include "cli/terminal.hpp"
#include "core/descriptor.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::cli {

// Holds ctrl-C and its like back while it lives, so that what was begun can be undone.
class Interrupts {
  public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    // Readable once one has come; for poll.
    [[nodiscard]] int descriptor() const noexcept { return arrived_.number(); }
    // The signal that has come, which is then dealt with; zero when none has.
    int take() noexcept;
    // Dies of the signal that has come, as if it had not been held back.
    void obey() noexcept;

  private:
    sigset_t before_{};
    Descriptor arrived_;
};

// stdin's terminal without echo while this lives; nothing where stdin is none.
class HiddenInput {
  public:
    HiddenInput();
    ~HiddenInput();
    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;

    // Takes what was typed; the line once it is whole, without its end. Absent before that, and at
    // the end of the input.
    std::optional<Secret> read();
    [[nodiscard]] bool ended() const noexcept { return ended_; }

  private:
    std::optional<termios> before_;
    SecretBuilder typed_;
    bool ended_ = false;
};

// Asks on stderr and reads a line from stdin without echo. Ends the program when interrupted, the
// terminal as it was.
Result<Secret> ask_secret(Terminal& terminal, std::string_view question);
// Asks twice, until both are the same and not empty.
Result<Secret> ask_new_passphrase(Terminal& terminal);
// Asks on stderr for a line that may be seen; what was typed before the question does not count.
// Absent at the end of the input.
std::optional<std::string> ask_line(Terminal& terminal, std::string_view question);
// Whether a line that begins with y is typed after the question; what was typed before it does not
// count.
bool consents(Terminal& terminal, std::string_view question);
// The whole of stdin, up to `limit` bytes. Remedy::usage when there is more.
Result<Secret> read_input(std::size_t limit);

}  // namespace hearth::cli
