#include <utility>

#include "oauth/token_endpoint.hpp"
#include "providers/google/authorized_user.hpp"
#include "providers/google/user_grant.hpp"

namespace hearth::providers::google {

TokenResult external_user_token(const ExternalAccountAuthorizedUser& user, const Outside& outside,
                                const std::stop_token& stop) {
    return refresh_user({.url = user.token_url,
                         .client = {.id = user.client_id,
                                    .secret = user.client_secret.clone(),
                                    .auth = oauth::ClientAuth::basic},
                         .form = oauth::refresh_grant(user.refresh_token, {}),
                         .sign_in = user.sign_in,
                         .expected = Expected::access_token},
                        outside, stop);
}

}  // namespace hearth::providers::google
