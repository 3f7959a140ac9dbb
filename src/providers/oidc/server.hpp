#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/http.hpp"
#include "core/profile.hpp"
#include "hearth/error.hpp"
#include "oauth/client.hpp"
#include "oauth/discovery.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// What is known of the server before a sign-in: what the profile says, and what discovery adds to
// it. Discovery is asked only for what the profile leaves open.
Result<oauth::ServerMetadata> server_of(Http& http, const Profile& profile, SignInWay way,
                                        const std::stop_token& stop);

// The profile's scopes, or openid and offline_access as far as the server lists them.
Scopes scopes_for(const Profile& profile, const oauth::ServerMetadata& server);

// The profile's client. Its secret is the profile's, else the one that is handed in.
Result<oauth::Client> given_client(const Profile& profile, const oauth::ServerMetadata& server,
                                   std::optional<Secret> secret);

// The profile's client, or a new one that the server registers.
Result<oauth::Client> client_for(Http& http, const Profile& profile,
                                 const oauth::ServerMetadata& server, const Scopes& scopes,
                                 const std::vector<std::string>& redirect_uris,
                                 const std::stop_token& stop);

}  // namespace hearth::providers
