// What the keys of service accounts sign.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/google_answers.hpp"
#include "sandbox/jwt.hpp"

namespace hearth::sandbox {

// A JWT that one of the account's keys has signed.
struct Assertion {
    GoogleAccount* account = nullptr;
    boost::json::object claims;
};
// Whose `iss` is an account with that key; its times are looked at, its audience is not.
GrantOutcome<Assertion> signed_assertion(Google& google, std::string_view token, Instant now,
                                         GoogleAccount::Kind kind = GoogleAccount::Kind::google);

// The scopes that a JWT brings, which its account signed for the service itself (AIP-4111).
GrantOutcome<GoogleCaller> own_jwt(State& state, std::string_view token, std::string_view service,
                                   Instant now);

// Whether each is one that Google could know.
bool google_scopes(const std::vector<std::string>& scopes);

}  // namespace hearth::sandbox
