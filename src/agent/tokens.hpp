// What hands out credentials: token, headers, credentials, rejected.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void token(Service& service, const CallPtr& call);
void headers(Service& service, const CallPtr& call);
void credentials(Service& service, const CallPtr& call);
void helper_refresh(Service& service, const CallPtr& call);
void rejected(Service& service, const CallPtr& call);

}  // namespace hearth::agent
