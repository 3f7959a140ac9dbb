// Sessions around Google's tokens and keys.
#pragma once

#include <string>
#include <vector>

#include "core/session.hpp"
#include "providers/google/credentials.hpp"
#include "providers/google/token.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::google {

// The same session with a token that was got since `before`.
Session with_token(const Session& session, Token token, const Moment& before);
// What is told of the credentials that a session's tokens are got by.
void note_credentials(Session& session, const Credentials& credentials);
// The same, and whose they are, for people.
std::vector<Fact> facts_of(const Session& session);

// A session around a credential file that somebody handed over: of a person as if they had signed
// in, else around the key. Remedy::usage for a file that holds no secret of its own.
Result<Session> held_session(std::string_view text, const Credentials& credentials,
                             const Moment& now);
// The credential file that the session holds; empty for one of another kind.
std::string_view held_file(const Session& session) noexcept;
// The person whose refresh token the session holds.
bool is_person(const Session& session) noexcept;
// Of a person of a workforce pool.
bool is_external_person(const Session& session) noexcept;

// Whose tokens are of a workload or workforce pool itself, and of no account of Google's.
bool is_of_pool(const Profile& profile, const Session& session) noexcept;

AuthorizedUser user_of(const Session& session);
ExternalAccountAuthorizedUser external_user_of(const Session& session);

// For requests, by a header: whom they count for; may be empty.
std::string quota_project_of(const Profile& profile, const Session& session);

Renewal failed_renewal(TokenFailure failure, const Session& session);

}  // namespace hearth::providers::google
