#include "providers/google/authorized_user.hpp"

#include <utility>

#include "oauth/token_endpoint.hpp"
#include "providers/google/token_failures.hpp"
#include "providers/google/user_grant.hpp"

namespace hearth::providers::google {
namespace {

// What nobody asked for in particular: whatever the person agreed to.
bool is_usual(const std::vector<std::string>& scopes) {
    return scopes.size() == 1 && scopes.front() == cloud_platform;
}

}  // namespace

TokenResult authorized_user_token(const AuthorizedUser& user, const Wanted& wanted,
                                  const Outside& outside, const std::stop_token& stop) {
    if (auto possible = check_possible(wanted, "a person's sign-in"); !possible)
        return not_asked(std::move(possible).error());
    const bool id_token = !wanted.id_token_audience.empty();
    if (id_token && wanted.id_token_audience != user.client_id)
        return not_asked(Error{Remedy::usage,
                               "a person's ID token is for the client that they signed in to, and "
                               "for no other audience",
                               "impersonate a service account (impersonate in the profile), which "
                               "gets ID tokens for any"});
    UserGrant grant{.url = user.token_uri,
                    .client = {.id = user.client_id,
                               .secret = user.client_secret.clone(),
                               .auth = oauth::ClientAuth::post},
                    .form = oauth::refresh_grant(user.refresh_token, {}),
                    .sign_in = user.sign_in,
                    .expected = id_token ? Expected::id_token : Expected::access_token};
    if (!is_usual(wanted.scopes)) grant.form.add("scope", scope_text(wanted.scopes));
    if (!user.rapt_token.empty()) grant.form.add("rapt", user.rapt_token);
    return refresh_user(std::move(grant), outside, stop);
}

}  // namespace hearth::providers::google
