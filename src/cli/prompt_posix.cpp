#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "cli/prompt.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

sigset_t interrupting() noexcept {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&set, signal);
    return set;
}

// Reads once into the builder; what read() returned.
ssize_t read_into(SecretBuilder& builder) {
    std::array<char, 4096> piece{};
    const auto size = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (size > 0) {
        builder.append({piece.data(), static_cast<std::size_t>(size)});
        ::explicit_bzero(piece.data(), static_cast<std::size_t>(size));
    }
    return size;
}

}  // namespace

Interrupts::Interrupts() {
    const auto signals = interrupting();
    (void)::pthread_sigmask(SIG_BLOCK, &signals, &before_);
    arrived_ = Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

Interrupts::~Interrupts() { (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int Interrupts::take() noexcept {
    signalfd_siginfo signal{};
    if (::read(arrived_.number(), &signal, sizeof signal) != sizeof signal) return 0;
    return static_cast<int>(signal.ssi_signo);
}

void Interrupts::obey() noexcept {
    const int number = take();
    if (number == 0) return;
    (void)::signal(number, SIG_DFL);
    (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    (void)::raise(number);
}

HiddenInput::HiddenInput() {
    termios now{};
    if (::tcgetattr(STDIN_FILENO, &now) != 0) return;
    before_ = now;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    now.c_lflag |= static_cast<tcflag_t>(ECHONL);
    (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
}

HiddenInput::~HiddenInput() {
    if (before_) (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
}

std::optional<Secret> HiddenInput::read() {
    const auto size = read_into(typed_);
    if (size < 0 && errno == EINTR) return std::nullopt;
    ended_ = size <= 0;
    const auto end = typed_.reveal().find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const Secret all = typed_.take();
    auto line = all.reveal().substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return Secret(line);
}

Result<Secret> ask_secret(Terminal& terminal, std::string_view question) {
    Interrupts interrupts;
    std::optional<Secret> line;
    bool interrupted = false;
    {
        HiddenInput input;
        terminal.words(question);
        std::array waiting{pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                           pollfd{.fd = interrupts.descriptor(), .events = POLLIN, .revents = 0}};
        while (!line && !input.ended()) {
            if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
            interrupted = waiting[1].revents != 0;
            if (interrupted) break;
            line = input.read();
        }
    }
    if (interrupted) {
        terminal.words("\n");
        interrupts.obey();
    }
    if (!line || line->empty())
        return std::unexpected(Error{Remedy::usage, "nothing was typed", ""});
    return *std::move(line);
}

Result<Secret> ask_new_passphrase(Terminal& terminal) {
    terminal.words("hearth's store has no passphrase yet. Choose one; it cannot be recovered.\n");
    for (;;) {
        auto first = HEARTH_TRY(ask_secret(terminal, "New passphrase: "));
        const auto second = HEARTH_TRY(ask_secret(terminal, "The same again: "));
        if (same_secret(first, second)) return first;
        terminal.words("These are not the same.\n");
    }
}

std::optional<std::string> ask_line(Terminal& terminal, std::string_view question) {
    (void)::tcflush(STDIN_FILENO, TCIFLUSH);
    terminal.words(question);
    std::string line;
    for (;;) {
        char typed = 0;
        const auto size = ::read(STDIN_FILENO, &typed, 1);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return std::nullopt;
        if (typed == '\n') return line;
        line += typed;
    }
}

bool consents(Terminal& terminal, std::string_view question) {
    const auto line = ask_line(terminal, question);
    return line && (line->starts_with('y') || line->starts_with('Y'));
}

Result<Secret> read_input(std::size_t limit) {
    SecretBuilder input;
    for (;;) {
        const auto size = read_into(input);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return std::unexpected(system_error("read from stdin"));
        if (size == 0) return input.take();
        if (input.size() > limit)
            return std::unexpected(Error{
                Remedy::usage, "stdin has more than " + std::to_string(limit) + " bytes", ""});
    }
}

}  // namespace hearth::cli
