#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/arena.hpp"
#include "core/descriptor.hpp"
#include "core/try.hpp"
#include "sources/command.hpp"

namespace hearth::sources {
namespace {

using std::chrono::steady_clock;
using How = CommandEnd::How;

// What is told to end has so long to do it in good order.
constexpr Span grace = std::chrono::milliseconds(500);

std::unexpected<Error> wrong(const char* doing, int problem) {
    return std::unexpected(Error{
        Remedy::failed, std::string(doing) + ": " + std::generic_category().message(problem), ""});
}

// This process's, and the variables in the place of those of their names.
std::vector<char*> environment_with(std::vector<std::string>& variables) {
    const auto replaced = [&](std::string_view one) {
        return std::ranges::any_of(variables, [one](const std::string& variable) {
            return one.starts_with(std::string_view(variable).substr(0, variable.find('=') + 1));
        });
    };
    std::vector<char*> all;
    for (char** one = environ; *one != nullptr; ++one) {
        if (!replaced(*one)) all.push_back(*one);
    }
    for (auto& variable : variables) all.push_back(variable.data());
    all.push_back(nullptr);
    return all;
}

// A shell in a group of its own that writes into the descriptor.
Result<pid_t> start(const CommandLine& line, int output) {
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_t attributes{};
    posix_spawnattr_init(&attributes);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    if (line.when_printed) posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    auto words = line.words;
    if (words.empty()) words = {"/bin/sh", "-c", line.text};
    std::vector<char*> list;
    list.reserve(words.size() + 1);
    for (auto& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    auto variables = line.variables;
    auto environment = environment_with(variables);
    pid_t process = 0;
    const int problem = posix_spawnp(&process, words[0].c_str(), &actions, &attributes, list.data(),
                                     environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) return wrong("start the command", problem);
    return process;
}

bool readable(int descriptor, Span patience) {
    pollfd wanted{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, static_cast<int>(patience.count())) > 0;
}

class Running {
  public:
    Running(const CommandLine& line, pid_t process, Descriptor output)
        : line_(line),
          process_(process),
          // By the system call: this C library's header for its function does not work in C++.
          ended_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))),
          output_(std::move(output)) {}

    CommandEnd finish() {
        CommandEnd end;
        end.how = watch();
        end.took = elapsed();
        const int status = reap(end.how != How::exited);
        if (end.how == How::exited && WIFSIGNALED(status)) end.how = How::signalled;
        end.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        end.output = text_.take();
        return end;
    }

  private:
    [[nodiscard]] Span elapsed() const {
        return std::chrono::duration_cast<Span>(steady_clock::now() - begun_);
    }

    How watch() {
        for (;;) {
            std::array waiting{pollfd{.fd = output_.number(), .events = POLLIN, .revents = 0},
                               pollfd{.fd = ended_.number(), .events = POLLIN, .revents = 0},
                               pollfd{.fd = line_.stop, .events = POLLIN, .revents = 0}};
            const Span now = elapsed();
            if (now >= line_.limit) return How::time_limit;
            tell_if_slow(now);
            const Span until = told_ ? line_.limit : std::min(line_.limit, line_.slow);
            if (::poll(waiting.data(), waiting.size(), static_cast<int>((until - now).count())) < 0)
                continue;
            if (waiting[2].revents != 0) return How::stopped;
            if (waiting[0].revents != 0) read();
            if (text_.size() > line_.most) return How::too_much;
            // What it left behind may keep the pipe open.
            if (waiting[1].revents != 0 && !read()) return How::exited;
        }
    }

    void tell_if_slow(Span now) {
        if (told_ || now < line_.slow) return;
        told_ = true;
        if (line_.when_slow) line_.when_slow();
    }

    // False when there is nothing more for now.
    bool read() {
        if (!output_.open()) return false;
        std::array<char, 4096> piece{};
        const auto got = ::read(output_.number(), piece.data(), piece.size());
        if (got < 0) return errno == EINTR;
        if (got == 0) {
            output_ = {};
            return false;
        }
        const std::string_view printed(piece.data(), static_cast<std::size_t>(got));
        if (line_.when_printed) {
            line_.when_printed(printed);
        } else {
            text_.append(printed);
        }
        Arena::wipe(piece.data(), static_cast<std::size_t>(got));
        return true;
    }

    // Until its first process is waited for the group's number is nobody else's.
    int reap(bool early) {
        if (early) {
            (void)::kill(-process_, SIGTERM);
            (void)readable(ended_.number(), grace);
        }
        (void)::kill(-process_, SIGKILL);
        int status = 0;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        return status;
    }

    const CommandLine& line_;
    pid_t process_;
    Descriptor ended_;
    Descriptor output_;
    steady_clock::time_point begun_ = steady_clock::now();
    SecretBuilder text_;
    bool told_ = false;
};

}  // namespace

Result<CommandEnd> run_command(const CommandLine& line) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return wrong("open a pipe", errno);
    Descriptor output(ends[0]);
    Descriptor input(ends[1]);
    (void)::fcntl(output.number(), F_SETFL, O_NONBLOCK);
    const auto process = HEARTH_TRY(start(line, input.number()));
    input = {};
    return Running(line, process, std::move(output)).finish();
}

}  // namespace hearth::sources
