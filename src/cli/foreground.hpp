// A command that has this process's terminal, and in whose place this process ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "cli/exec_environment.hpp"
#include "cli/exit_status.hpp"
#include "core/descriptor.hpp"

namespace hearth::cli {

class Foreground {
  public:
    // Starts it in this process's own group, with its standard streams and no other descriptor, and
    // its environment without what is taken out and with the variables. A first word without a
    // slash is looked for in PATH. The error is errno's. Once in a process.
    static std::expected<Foreground, int> start(const std::vector<std::string>& words,
                                                const std::vector<Variable>& variables);
    Foreground(Foreground&&) noexcept = default;
    Foreground& operator=(Foreground&&) = delete;
    Foreground(const Foreground&) = delete;
    Foreground& operator=(const Foreground&) = delete;
    ~Foreground() = default;

    // Passes signals on, and stops when the command stops, until it has ended, one of the
    // descriptors is readable or the time is over. A negative descriptor, or no patience, is not
    // waited for. False once it has ended.
    bool goes_on(const std::vector<int>& descriptors,
                 std::optional<std::chrono::milliseconds> patience);
    // Ends this process by the signal that the command ended by; its exit status where it ended by
    // itself.
    [[nodiscard]] ExitStatus take_after() const;

  private:
    Foreground(pid_t process, Descriptor signals) noexcept
        : process_(process), signals_(std::move(signals)) {}
    void hear();
    void look();

    pid_t process_;
    Descriptor signals_;
    std::optional<int> status_;
};

}  // namespace hearth::cli
