#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "cli/escape.hpp"
#include "cli/terminal.hpp"
#include "core/descriptor.hpp"

namespace hearth::cli {
namespace {

// Zero, or the errno of what went wrong.
int write_all(int descriptor, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

std::string_view sequence(Colour colour) noexcept {
    switch (colour) {
        case Colour::none:
            return "";
        case Colour::red:
            return "\x1b[31m";
        case Colour::green:
            return "\x1b[32m";
        case Colour::yellow:
            return "\x1b[33m";
        case Colour::cyan:
            return "\x1b[36m";
        case Colour::faint:
            return "\x1b[2m";
        case Colour::bold:
            return "\x1b[1m";
    }
    std::unreachable();
}

}  // namespace

std::string painted(std::string_view text, Colour colour) {
    if (colour == Colour::none) return std::string(text);
    return std::string(sequence(colour)).append(text).append("\x1b[0m");
}

bool Terminal::has_person() noexcept { return reads_keys() && shows_words(); }
bool Terminal::shows_output() noexcept { return ::isatty(STDOUT_FILENO) == 1; }
bool Terminal::shows_words() noexcept { return ::isatty(STDERR_FILENO) == 1; }
bool Terminal::reads_keys() noexcept { return ::isatty(STDIN_FILENO) == 1; }

std::size_t Terminal::width() noexcept {
    winsize size{};
    const bool told = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return told ? size.ws_col : 80;
}

bool Terminal::colours() const {
    // no-color.org: any value that is not empty.
    if (const auto unwanted = environment_("NO_COLOR"); unwanted && !unwanted->empty())
        return false;
    return environment_("TERM").value_or("dumb") != "dumb";
}

void Terminal::out(std::string_view text) noexcept {
    if (problem_ == 0) problem_ = write_all(STDOUT_FILENO, text);
}

void Terminal::words(std::string_view text) noexcept { (void)write_all(STDERR_FILENO, text); }

void Terminal::hush() noexcept {
    const Descriptor nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (nothing.open()) (void)::dup2(nothing.number(), STDERR_FILENO);
}

ExitStatus Terminal::fail(const Error& error) {
    std::string text = "hearth: " + escaped(error.what) + "\n";
    if (!error.hint.empty()) text += "hint: " + escaped(error.hint) + "\n";
    words(text);
    return exit_status(error.remedy);
}

ExitStatus Terminal::end() {
    if (problem_ == 0) return ExitStatus::done;
    return fail(system_error("write to stdout", problem_));
}

}  // namespace hearth::cli
