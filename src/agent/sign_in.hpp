// What a person starts: login, logout, whoami.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void login(Service& service, const CallPtr& call);
void logout(Service& service, const CallPtr& call);
void whoami(Service& service, const CallPtr& call);

}  // namespace hearth::agent
