// Identity tokens of workloads whose variables only the asking process has.
#pragma once

#include "agent/service.hpp"

namespace hearth::agent {

// Fails the call, and asks the caller for the variables that the profile's identity token comes
// from, where it has not given them for this request and they may be what is wrong.
void fail_for(Service& service, Call& call, const ProfileName& profile, const Error& error);

// What `explain` says of a profile that signs in by itself; empty for every other.
std::string story_of_workload(const Profile& profile, const session::ProfileStatus& status);

// The operation by which a caller gives one of them: for this profile and no other.
void identity(Service& service, const CallPtr& call);

}  // namespace hearth::agent
