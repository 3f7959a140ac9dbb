// The agent itself: hello, agent_status, agent_stop, lock, unlock.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void hello(Service& service, const CallPtr& call);
void agent_status(Service& service, const CallPtr& call);
void agent_stop(Service& service, const CallPtr& call);
void lock(Service& service, const CallPtr& call);
void unlock(Service& service, const CallPtr& call);

}  // namespace hearth::agent
