// What there is to know: status, explain, events.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void status(Service& service, const CallPtr& call);
void explain(Service& service, const CallPtr& call);
void events(Service& service, const CallPtr& call);

}  // namespace hearth::agent
