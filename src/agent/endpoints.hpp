#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

// The operation `endpoint`: opens one for a profile of AWS or Google, which lives as long as the
// caller's connection.
void endpoint(Service& service, const CallPtr& call);

}  // namespace hearth::agent
