// The program in a folder of its own, and clients of it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "json/document.hpp"
#include "temporary_folder.hpp"

namespace hearth::testing {

// One connection. Whatever takes longer than half a minute fails.
class Client {
  public:
    // Connects to the socket in the folder, however long its path is.
    static std::optional<Client> connect(const std::string& runtime_folder);
    explicit Client(int socket) : socket_(socket) {}
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { close(); }

    void send(std::string_view bytes) const;
    void ask(std::string_view line) const { send(std::string(line) + "\n"); }
    // The next line; empty at the end.
    std::string line();
    json::Document answer(std::string_view request);
    // Whether the agent has closed; reads nothing. It is waited for, or asked about as it is now.
    [[nodiscard]] bool let_go() const { return closed_within(patience); }
    [[nodiscard]] bool gone() const { return closed_within(0); }
    // Waits for the agent to close.
    bool closed() { return line().empty(); }
    void shut_down_writing() const;
    void close();

  private:
    static constexpr int patience = 30'000;  // Milliseconds; only a failing test waits for so long.
    [[nodiscard]] bool closed_within(int milliseconds) const;

    int socket_;
    std::string arrived_;
};

// Starts the program with HEARTH_HOME set and nothing else of the environment; answers its process
// id.
pid_t start_agent(const std::string& home, const std::vector<std::string>& arguments,
                  int standard_input = -1, const std::string& program = HEARTH_AGENT);
int exit_status(pid_t process);
// Waits for a process that is not our child to be gone.
bool wait_for_end(std::int64_t process);

// An agent with one profile, "key", that is signed in with an API key, in a memory store.
class RunningAgent {
  public:
    explicit RunningAgent(const std::string& below = "");
    RunningAgent(const RunningAgent&) = delete;
    RunningAgent& operator=(const RunningAgent&) = delete;
    ~RunningAgent();

    [[nodiscard]] Client client() const;
    void sign_in() const;
    [[nodiscard]] const std::string& home() const { return home_; }
    [[nodiscard]] std::string runtime() const { return home_ + "/run"; }
    [[nodiscard]] std::int64_t process() const { return process_; }

  private:
    TemporaryFolder folder_;
    std::string home_;
    std::int64_t process_ = 0;
};

inline constexpr auto api_key = "sk-ant-api03-not-a-real-key";

}  // namespace hearth::testing
