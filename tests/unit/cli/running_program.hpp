// The built `hearth`, run as a person or a script would run it.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace hearth::cli {

struct Ended {
    int status = -1;  // The exit status, or 128 and the signal's number.
    std::string out;
    std::string err;
};

// Ends with the object, if it has not before.
class RunningProgram {
  public:
    enum class Streams { pipes, terminal };  // A terminal is stdin and stderr; stdout is a pipe.

    struct Start {
        std::vector<std::string> words;
        std::map<std::string, std::string> variables;
        std::string input =
            {};  // For stdin, which ends after it; typed without an end at a terminal.
        Streams streams = Streams::pipes;
        std::string program = {};  // Empty: the built one.
    };
    explicit RunningProgram(const Start& start);
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    // Waits until this has been written, to stdout or stderr, after what was waited for before.
    void await(const std::string& text);
    void type(const std::string& text) const;
    void interrupt() const;
    // Whether the terminal shows what is typed.
    [[nodiscard]] bool echoes() const;
    Ended wait();

  private:
    bool take();

    pid_t process_ = -1;
    int out_ = -1;
    int err_ = -1;
    int terminal_ = -1;
    Ended ended_;
    std::size_t out_awaited_ = 0;
    std::size_t err_awaited_ = 0;
};

}  // namespace hearth::cli
