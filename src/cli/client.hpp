#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cli/agent_link.hpp"
#include "cli/connection.hpp"
#include "cli/invocation.hpp"
#include "cli/message.hpp"
#include "cli/project.hpp"

namespace hearth::cli {

// Whose agent is asked when none runs.
enum class Reach : std::uint8_t {
    start,    // One that is started for it, or with HEARTH_NO_AGENT one for this command alone.
    running,  // None: an error says so.
    alone,    // One for this command alone, whoever else is there.
};

// Asks the agent one thing after another over one connection.
class Client {
  public:
    // `prefetch` is the profile that will be asked for; empty when it is none in particular.
    static Result<Client> open(const Invocation& invocation, Reach reach,
                               const std::string& prefetch = {});
    // An agent for this command alone that reads no settings: the profile is of this provider. No
    // file is looked at for it, the project's neither.
    static Result<Client> open_bare(const Invocation& invocation, const std::string& profile,
                                    const std::string& provider);
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
    // A request that is complete.
    Result<> begin(const JsonLine& request);
    // A line that goes on with it.
    Result<> transmit(const JsonLine& line);
    // An agent that is ending may still take a connection, and closes it before it says anything to
    // a request: nothing was begun, and the next agent answers.
    [[nodiscard]] bool met_an_ending_agent() const;
    Result<> reach_next_agent();
    // A line came, read from `connection` itself.
    void heard() noexcept { heard_ = true; }
    // The project's folder that requests are made in, instead of the nearest one.
    void work_in(Project project) { project_ = std::move(project); }
    [[nodiscard]] bool in_project() const noexcept { return project_.has_value(); }
    // Adds what every request carries. Once for each request, before it is sent.
    void complete(Request& request) const;
    Result<Message> next();
    // Hears of the events that come before an answer to `ask`; its failure ends that.
    void on_event(std::function<Result<>(const JsonView&)> hear) { hear_ = std::move(hear); }
    // Whether somebody is there who can open what the refusal says is locked.
    [[nodiscard]] bool can_unlock(const Message& refusal) const;
    // Asks the person for the passphrase, unlocks the store with it, and lets them try again when
    // it is wrong. A keychain asks for itself, once.
    Result<> unlock(const Message& refusal);

    // Why the agent closed the connection.
    Error lost();

    [[nodiscard]] Connection& connection() noexcept { return connection_; }
    [[nodiscard]] Presence presence() const { return presence_; }
    // What is said to the agent of it; login differs from the others.
    void set_presence(Presence presence) noexcept { presence_ = presence; }

  private:
    Client(const Invocation& invocation, Reach reach, Connection connection,
           std::optional<AgentForOnce> once, std::optional<Project> project);
    Result<Message> exchange(const JsonLine& line);
    Result<> unlock_keychain();
    // Whether this process has what the refusal asks for; the agent has it then.
    Result<bool> give_identity(const Message& refusal);
    const Invocation* invocation_;
    Reach reach_;
    Connection connection_;
    std::optional<AgentForOnce> once_;
    Presence presence_;
    std::optional<Project> project_;
    std::function<Result<>(const JsonView&)> hear_;
    bool heard_ = false;          // Anything at all since the request was begun.
    bool desktop_asked_ = false;  // A keychain that was opened and is locked again is let be.
};

// What an error of the agent asks for: nothing, "passphrase", "new_passphrase" for a store that has
// none yet, "desktop" for a keychain that asks by itself, or "identity" for the variables that a
// workload's identity token comes from.
std::string needs(const Message& refusal);

}  // namespace hearth::cli
