// How to reach an agent: the one that listens, one that is started for the purpose, or one for this
// command alone.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

#include "core/descriptor.hpp"
#include "core/places.hpp"
#include "hearth/error.hpp"

namespace hearth::cli {

// A connection to the agent of these places; absent when nobody listens there. Remedy::refused when
// somebody else does.
Result<std::optional<Descriptor>> connect_agent(const Places& places);

// Starts an agent that goes on running and connects to it; waits five seconds at most. When several
// do this at once, one agent stays and all connect to it.
Result<Descriptor> start_agent(const Places& places);

// An agent that lives as long as this object and a moment longer.
class AgentForOnce {
  public:
    // Starts it; the socket is the connection. `prefetch` names the profile to read at once; empty:
    // none. With `bare` that is a profile of this provider, and no settings are read.
    static Result<AgentForOnce> start(const std::string& prefetch, Descriptor& socket,
                                      const std::string& bare = {});

    AgentForOnce(AgentForOnce&& other) noexcept : process_(std::exchange(other.process_, 0)) {}
    AgentForOnce& operator=(AgentForOnce&&) = delete;
    AgentForOnce(const AgentForOnce&) = delete;
    AgentForOnce& operator=(const AgentForOnce&) = delete;
    ~AgentForOnce() = default;

    // Waits for its end, five seconds at most. The connection must be closed by then.
    void wait() noexcept;
    // How it ended, when it has: the error for an agent that went without an answer.
    std::optional<Error> death() noexcept;

  private:
    explicit AgentForOnce(pid_t process) noexcept : process_(process) {}
    pid_t process_ = 0;
};

}  // namespace hearth::cli
