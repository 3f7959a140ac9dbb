#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "sources/given.hpp"

namespace hearth::sources {

// A command of the user's own that is run for what it prints.
struct CommandLine {
    std::string text;                    // For /bin/sh,
    std::vector<std::string> words;      // or, where there are some, a program and what it is told.
    std::vector<std::string> variables;  // NAME=value, beside this process's environment.
    std::size_t most = 2 * longest_token;  // As much may be printed.
    Span limit = std::chrono::seconds(60);
    Span slow = std::chrono::seconds(10);
    std::function<void()> when_slow;  // Called once, after that time; may be empty.
    int stop = -1;                    // A descriptor that is readable once it is to be given up.
    // Where it is set, what is printed, to stderr too, goes there piece by piece, and is not kept.
    std::function<void(std::string_view piece)> when_printed;
};

struct CommandEnd {
    enum class How : std::uint8_t {
        exited,
        signalled,
        time_limit,
        too_much,  // It printed more than it may.
        stopped,
    };
    How how = How::exited;
    int status = 0;  // Its exit status, or the signal.
    Span took{};
    Secret output;
};

// Runs it as a process group of its own with this process's environment, folder and stderr, and
// nothing to read. However that ends, nothing of the group goes on. Remedy::failed when it cannot
// be started.
Result<CommandEnd> run_command(const CommandLine& line);

}  // namespace hearth::sources
