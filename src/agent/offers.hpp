#pragma once

#include <vector>

#include "agent/request.hpp"
#include "agent/service.hpp"
#include "sources/resolution.hpp"

namespace hearth::agent {

// What the caller says it was given, by the names of variables.
sources::Offer offer_in(const Request& request);
// Where this profile's credential comes from for this caller. The profile is one there is.
std::vector<sources::Step> sources_of(Service& service, const Call& call,
                                      const ProfileName& profile);
// The caller's own source that comes before the session; null when none does.
const sources::Source* callers_own(Service& service, const Call& call, const ProfileName& profile);
// Tells the caller that it has the credential itself, and by which name.
void answer_yours(Call& call, const sources::Source& source);
// Fails the call, and says so, where the profile requires an organisation and something comes
// before the session: nothing says whose that is.
bool refuse_unknown_organization(Service& service, Call& call, const ProfileName& profile);
// Whether it comes from the profile's helper.
bool from_helper(Service& service, const Call& call, const ProfileName& profile);
// Adds to an error that something was offered with nothing in it.
Error with_empty_offers(Service& service, const Call& call, const ProfileName& profile,
                        Error error);

}  // namespace hearth::agent
