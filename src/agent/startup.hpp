// How the program becomes an agent.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "agent/agent.hpp"

namespace hearth::agent {

struct Arguments {
    bool foreground = false;
    bool once = false;
    bool version = false;
    bool help = false;
    std::vector<ProfileName> prefetch;
    std::string bare;  // The provider of the one profile; empty: as the settings say.

    static Result<Arguments> parse(std::span<char* const> words);
};

// The whole life of an agent: one of those that are started together serves, the others end at once
// and with success.
Result<> run_agent(const Arguments& arguments, Agent::Options options,
                   const Environment& environment);

// Serves the client at the other end of standard input.
Result<> run_once(const Arguments& arguments, Agent::Options options,
                  const Environment& environment);

}  // namespace hearth::agent
