#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

#include "cli/foreground.hpp"

namespace hearth::cli {
namespace {

constexpr int status_of_signals = 128;  // What shells add to a signal's number.

// What is sent to this process is meant for the command. The terminal sends to both.
sigset_t heard() noexcept {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal :
         {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGCONT, SIGTSTP, SIGCHLD})
        sigaddset(&set, signal);
    return set;
}

// The variables as a program is given them.
class Environment {
  public:
    explicit Environment(const std::vector<Variable>& variables) {
        constexpr char end_of_text = 0;
        const auto is_set = [&variables](std::string_view name) {
            return std::ranges::find(variables, name, &Variable::name) != variables.end();
        };
        for (char** one = environ; *one != nullptr; ++one) {
            const std::string_view line(*one);
            const auto name = line.substr(0, line.find('='));
            if (!taken_out(name) && !is_set(name)) pointers_.push_back(*one);
        }
        for (const auto& [name, value] : variables) {
            SecretBuilder line;
            line.append(name).append("=").append(value.reveal()).append({&end_of_text, 1});
            lines_.push_back(line.take());
            // Nobody writes to it.
            pointers_.push_back(const_cast<char*>(lines_.back().reveal().data()));  // NOLINT
        }
        pointers_.push_back(nullptr);
    }
    [[nodiscard]] char* const* get() const noexcept { return pointers_.data(); }

  private:
    std::vector<Secret> lines_;
    std::vector<char*> pointers_;
};

// Dispositions are left as they are: what whoever started hearth ignores, the command ignores.
int spawn(pid_t& process, const std::vector<std::string>& words, const Environment& environment,
          const sigset_t& mask) {
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes{};
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::vector<char*> list;
    list.reserve(words.size() + 1);
    for (const auto& word : words) list.push_back(const_cast<char*>(word.c_str()));  // NOLINT
    list.push_back(nullptr);
    const int problem =
        posix_spawnp(&process, list.front(), &actions, &attributes, list.data(), environment.get());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

}  // namespace

std::expected<Foreground, int> Foreground::start(const std::vector<std::string>& words,
                                                 const std::vector<Variable>& variables) {
    const Environment environment(variables);
    const auto signals = heard();
    sigset_t before;
    // Where children's ends are ignored there is none to wait for.
    (void)::signal(SIGCHLD, SIG_DFL);
    (void)::pthread_sigmask(SIG_BLOCK, &signals, &before);
    Descriptor arrived(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    pid_t process = 0;
    const int problem = arrived.open() ? spawn(process, words, environment, before) : errno;
    if (problem == 0) return Foreground(process, std::move(arrived));
    (void)::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return std::unexpected(problem);
}

bool Foreground::goes_on(const std::vector<int>& descriptors,
                         std::optional<std::chrono::milliseconds> patience) {
    std::vector<pollfd> waiting{{.fd = signals_.number(), .events = POLLIN, .revents = 0}};
    waiting.reserve(1 + descriptors.size());
    for (const int one : descriptors)
        waiting.push_back({.fd = one, .events = POLLIN, .revents = 0});
    const int limit = patience ? static_cast<int>(patience->count()) : -1;
    while (!status_) {
        const int ready = ::poll(waiting.data(), waiting.size(), limit);
        if (ready > 0 && waiting[0].revents != 0) hear();
        const bool told = std::any_of(waiting.begin() + 1, waiting.end(),
                                      [](const pollfd& one) { return one.revents != 0; });
        if (ready == 0 || (ready > 0 && told)) break;
    }
    return !status_;
}

void Foreground::hear() {
    signalfd_siginfo signal{};
    while (::read(signals_.number(), &signal, sizeof signal) == sizeof signal) {
        const int number = static_cast<int>(signal.ssi_signo);
        // The terminal tells the command by itself, and ctrl-C is for it alone.
        const bool from_terminal = signal.ssi_code == SI_KERNEL;
        const bool interrupts = number == SIGINT || number == SIGQUIT;
        if (number == SIGCHLD) {
            look();
        } else if (!from_terminal && !interrupts && !status_) {
            (void)::kill(process_, number);
        }
    }
}

// When the command is stopped the shell waits for this process to stop, and continues it.
void Foreground::look() {
    int status = 0;
    while (!status_ && ::waitpid(process_, &status, WNOHANG | WUNTRACED) > 0) {
        if (!WIFSTOPPED(status)) {
            status_ = status;
            return;
        }
        (void)::raise(SIGSTOP);
        (void)::kill(process_, SIGCONT);
    }
}

ExitStatus Foreground::take_after() const {
    const int status = status_.value_or(0);
    if (!WIFSIGNALED(status)) return static_cast<ExitStatus>(WEXITSTATUS(status));
    const int number = WTERMSIG(status);
    // The command has left its own core.
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    (void)::setrlimit(RLIMIT_CORE, &none);
    (void)::signal(number, SIG_DFL);
    sigset_t this_one;
    sigemptyset(&this_one);
    sigaddset(&this_one, number);
    (void)::pthread_sigmask(SIG_UNBLOCK, &this_one, nullptr);
    (void)::raise(number);
    return static_cast<ExitStatus>(status_of_signals + number);
}

}  // namespace hearth::cli
