// A sign-in that another program made, taken over: import.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void import(Service& service, const CallPtr& call);

}  // namespace hearth::agent
