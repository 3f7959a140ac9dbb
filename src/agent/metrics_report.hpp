// What the agent tells a monitoring system: docs/metrics.md has the names.
#pragma once

#include <string>
#include <vector>

#include "agent/metrics.hpp"
#include "agent/service.hpp"

namespace hearth::agent {

// What there is to see at this moment.
struct Observed {
    struct Profile {
        session::ProfileStatus status;
        std::string name;  // What a person calls it.
    };
    std::string version;
    Instant since;
    std::size_t connections = 0;
    std::size_t sessions = 0;
    std::vector<Profile> profiles;
};

// Both in Prometheus' text format. No label holds what an account is called.
std::string report(const Metrics& counted, const Observed& observed);

// The operation that answers with it.
void metrics(Service& service, const CallPtr& call);

}  // namespace hearth::agent
