#include "unit/cli/running_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace hearth::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds patience{20};

struct Pipe {
    int reading = -1;
    int writing = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        reading = ends[0];
        writing = ends[1];
    }
};

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (auto& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

}  // namespace

RunningProgram::RunningProgram(const Start& start) {
    std::vector<std::string> words{start.program.empty() ? HEARTH_PROGRAM : start.program};
    words.insert(words.end(), start.words.begin(), start.words.end());
    std::vector<std::string> variables{"PATH=/usr/bin:/bin"};
    for (const auto& [name, value] : start.variables) variables.push_back(name + "=" + value);
    auto word_pointers = pointers(words);
    auto variable_pointers = pointers(variables);
    const Pipe out;
    const Pipe err;
    const Pipe in;
    const bool terminal = start.streams == Streams::terminal;
    int replica = -1;
    if (terminal && ::openpty(&terminal_, &replica, nullptr, nullptr, nullptr) != 0)
        throw std::runtime_error("no terminal");
    process_ = ::fork();
    if (process_ == 0) {
        if (terminal) (void)::login_tty(replica);
        if (!terminal) ::dup2(in.reading, STDIN_FILENO);
        if (!terminal) ::dup2(err.writing, STDERR_FILENO);
        ::dup2(out.writing, STDOUT_FILENO);
        ::execve(word_pointers.front(), word_pointers.data(), variable_pointers.data());
        ::_exit(127);
    }
    for (const int descriptor : {out.writing, err.writing, in.reading}) ::close(descriptor);
    if (replica >= 0) ::close(replica);
    if (!terminal && ::write(in.writing, start.input.data(), start.input.size()) < 0)
        throw std::runtime_error("stdin is closed");
    ::close(in.writing);
    out_ = out.reading;
    err_ = terminal ? ::dup(terminal_) : err.reading;
    if (terminal) ::close(err.reading);
}

RunningProgram::~RunningProgram() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    for (const int descriptor : {out_, err_, terminal_}) {
        if (descriptor >= 0) ::close(descriptor);
    }
}

// Takes what was written; false once both streams have ended.
bool RunningProgram::take() {
    std::array waiting{pollfd{.fd = out_, .events = POLLIN, .revents = 0},
                       pollfd{.fd = err_, .events = POLLIN, .revents = 0}};
    if (out_ < 0 && err_ < 0) return false;
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience);
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(limit.count())) <= 0)
        throw std::runtime_error("nothing was written; so far: " + ended_.out + ended_.err);
    std::array<char, 4096> piece{};
    for (auto& [stream, text] : {std::pair{&out_, &ended_.out}, std::pair{&err_, &ended_.err}}) {
        const auto& ready = stream == &out_ ? waiting[0] : waiting[1];
        if (ready.revents == 0) continue;
        const auto size = ::read(*stream, piece.data(), piece.size());
        if (size > 0) {
            text->append(piece.data(), static_cast<std::size_t>(size));
        } else {
            ::close(std::exchange(*stream, -1));
        }
    }
    return true;
}

void RunningProgram::await(const std::string& text) {
    const auto limit = steady_clock::now() + patience;
    const auto found = [&](const std::string& written, std::size_t& awaited) {
        const auto place = written.find(text, awaited);
        if (place != std::string::npos) awaited = place + text.size();
        return place != std::string::npos;
    };
    while (!found(ended_.out, out_awaited_) && !found(ended_.err, err_awaited_)) {
        if (!take() || steady_clock::now() > limit)
            throw std::runtime_error("not written: " + text + "; but: " + ended_.out + ended_.err);
    }
}

void RunningProgram::type(const std::string& text) const {
    if (::write(terminal_, text.data(), text.size()) < 0) throw std::runtime_error("cannot type");
}

void RunningProgram::interrupt() const { ::kill(process_, SIGINT); }

bool RunningProgram::echoes() const {
    termios now{};
    if (::tcgetattr(terminal_, &now) != 0) throw std::runtime_error("no terminal");
    return (now.c_lflag & ECHO) != 0;
}

Ended RunningProgram::wait() {
    while (take()) {
    }
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    ended_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ended_;
}

}  // namespace hearth::cli
