// What the operations work with, and the table of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent/audit.hpp"
#include "agent/auth_refresh.hpp"
#include "agent/call.hpp"
#include "agent/credential_helpers.hpp"
#include "agent/log.hpp"
#include "agent/metrics.hpp"
#include "agent/sinks.hpp"
#include "agent/socket_loop.hpp"
#include "agent/token_lines.hpp"
#include "composition/composition.hpp"
#include "composition/config_file.hpp"
#include "composition/trusted_projects.hpp"

namespace hearth::agent {

struct Service {
    composition::Composition& composition;
    composition::ConfigFile& config;
    session::Engine& engine;
    session::Loop& loop;
    SocketLoop& sockets;  // The same.
    const Clock& clock;
    Audit& audit;
    Metrics& metrics;
    Log& log;
    const Places& places;
    TokenLines& token_lines;
    Helpers& helpers;
    AuthRefreshes& refreshes;
    Sinks& sinks;
    composition::TrustedProjects& trusted;
    std::string version;
    std::int64_t pid = 0;
    Instant since;
    bool confined = false;
    std::string socket;  // Empty in once mode.
    std::function<std::size_t()> connections;
    std::function<void()> look_around;  // Called on requests, now and then; may be empty.
    std::function<void()> drain;        // Ends the agent once nothing is in flight.
};

// Answers the request, now or later.
void serve(Service& service, const CallPtr& call);

// Takes the configuration file anew if it has changed on disk. A broken one keeps the settings that
// are in use.
void refresh_settings(Service& service);

// Puts settings that have just been read into use.
void apply_settings(Service& service, Settings settings);

// Fails the call, telling the client what the store needs and what is wrong with the configuration
// file.
void fail(Service& service, Call& call, const Error& error);

// The profile that the request names: one of the person's, else one of the project's folder that
// the caller works in. Fails the call when there is none.
std::optional<ProfileName> profile_of(Service& service, Call& call,
                                      std::string_view member = "profile");

}  // namespace hearth::agent
