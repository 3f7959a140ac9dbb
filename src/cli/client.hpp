#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cli/agent_link.hpp"
#include "cli/connection.hpp"
#include "cli/invocation.hpp"
#include "cli/message.hpp"

namespace hearth::cli {

// Whose agent is asked when none runs.
enum class Reach : std::uint8_t {
    start,    // One that is started for it, or with HEARTH_NO_AGENT one for this command alone.
    running,  // None: an error says so.
};

// Asks the agent one thing after another over one connection.
class Client {
  public:
    // `prefetch` is the profile that will be asked for; empty when it is none in particular.
    static Result<Client> open(const Invocation& invocation, Reach reach,
                               const std::string& prefetch = {});
    Client(Client&&) noexcept = default;
    Client& operator=(Client&&) = delete;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    // The answer. An agent that needs the passphrase gets it from the person, where there is one,
    // and is asked again.
    Result<Message> ask(Request& request);
    // The same in steps, for requests with events: complete and send, then take messages until one
    // is no event.
    Result<> send(Request& request);
    // A line that is complete.
    Result<> transmit(const JsonLine& line);
    // Adds what every request carries. Once for each request, before it is sent.
    void complete(Request& request) const;
    Result<Message> next();
    // Asks the person for the passphrase, unlocks the store with it, and lets them try again when
    // it is wrong.
    Result<> unlock(const Message& refusal);

    // Why the agent closed the connection.
    Error lost();

    [[nodiscard]] Connection& connection() noexcept { return connection_; }
    [[nodiscard]] Presence presence() const { return presence_; }
    // What is said to the agent of it; login differs from the others.
    void set_presence(Presence presence) noexcept { presence_ = presence; }

  private:
    Client(const Invocation& invocation, Reach reach, Connection connection,
           std::optional<AgentForOnce> once);
    Result<Message> exchange(const JsonLine& line);
    Result<Message> exchange_with_next_agent(const JsonLine& line);
    const Invocation* invocation_;
    Reach reach_;
    Connection connection_;
    std::optional<AgentForOnce> once_;
    Presence presence_;
    bool answered_ = false;  // Anything at all, by the agent that was reached first.
};

// What an error of the agent asks for: nothing, "passphrase", or "new_passphrase" for a store that
// has none yet.
std::string needs(const Message& refusal);

}  // namespace hearth::cli
