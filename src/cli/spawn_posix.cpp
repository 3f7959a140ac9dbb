#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>

#include "cli/spawn.hpp"
#include "core/descriptor.hpp"

namespace hearth::cli {
namespace {

class Actions {
  public:
    Actions() { posix_spawn_file_actions_init(&actions_); }
    ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    void stream(int number, int from) {
        if (from < 0) {
            posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", O_RDWR, 0);
        } else {
            posix_spawn_file_actions_adddup2(&actions_, from, number);
        }
    }
    void close_others() { posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1); }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
  public:
    explicit Attributes(Spawn::Ties ties) {
        posix_spawnattr_init(&attributes_);
        sigset_t all;
        sigset_t none;
        sigfillset(&all);
        sigemptyset(&none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        if (ties == Spawn::Ties::none) flags |= POSIX_SPAWN_SETSID;
        posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
    }
    ~Attributes() { posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

  private:
    posix_spawnattr_t attributes_{};
};

}  // namespace

Result<pid_t> start(const Spawn& spawn) {
    Actions actions;
    actions.stream(STDIN_FILENO, spawn.in);
    actions.stream(STDOUT_FILENO, spawn.out);
    actions.stream(STDERR_FILENO, spawn.err);
    if (spawn.ties == Spawn::Ties::none) actions.close_others();
    const Attributes attributes(spawn.ties);
    std::vector<char*> words;
    words.reserve(spawn.words.size() + 1);
    for (const auto& word : spawn.words)
        words.push_back(const_cast<char*>(word.c_str()));  // NOLINT
    words.push_back(nullptr);
    pid_t process = 0;
    const int problem = posix_spawnp(&process, words.front(), actions.get(), attributes.get(),
                                     words.data(), environ);
    if (problem != 0) return std::unexpected(system_error("start " + spawn.words.front(), problem));
    return process;
}

}  // namespace hearth::cli
