// The agent as a whole: engine, socket, and the way it ends.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/log.hpp"
#include "core/descriptor.hpp"
#include "core/name.hpp"
#include "core/places.hpp"
#include "core/settings.hpp"
#include "hearth/error.hpp"

namespace hearth::agent {

class Agent {
  public:
    struct Options {
        Places places;
        std::string version;
        LogLevel log_level = LogLevel::info;
        // Serves one client and keeps nothing fresh by itself.
        bool once = false;
        std::vector<ProfileName> prefetch;  // Empty: all.
        std::optional<Settings> settings;   // Instead of those of the files, which are let be.
        Descriptor outside;                 // What begin_outside gave.
        bool confined = false;              // Whether the kernel refuses it what it never needs.
    };

    // Reads the configuration and begins to read sessions; a configuration that is not valid is
    // told to clients.
    static Result<std::unique_ptr<Agent>> start(Options options);
    ~Agent();
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    // Serves until told to end. `lock` is the agent's lock; it is let go once the socket is gone,
    // so that the next agent may start while this one finishes. `owns_path`: the socket's path is
    // ours to remove.
    void serve(Descriptor listening, Descriptor lock, bool owns_path);
    // Serves the client at the other end of the descriptor until that closes.
    void serve_one(Descriptor client);

  private:
    class Impl;
    explicit Agent(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace hearth::agent
