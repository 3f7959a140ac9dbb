// What a person agrees to: trust_show, trust_add, trust_list, trust_remove.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void trust_show(Service& service, const CallPtr& call);
// Trusts the bytes that the request carries, which are those that the person was shown.
void trust_add(Service& service, const CallPtr& call);
void trust_list(Service& service, const CallPtr& call);
void trust_remove(Service& service, const CallPtr& call);

}  // namespace hearth::agent
