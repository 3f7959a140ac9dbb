// Profiles and settings, in config.toml: profile_add, profile_list, profile_show, profile_remove,
// config_get, config_set.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

void profile_add(Service& service, const CallPtr& call);
void profile_list(Service& service, const CallPtr& call);
void profile_show(Service& service, const CallPtr& call);
void profile_remove(Service& service, const CallPtr& call);
void config_get(Service& service, const CallPtr& call);
void config_set(Service& service, const CallPtr& call);

}  // namespace hearth::agent
