#include "providers/google/sign_in.hpp"

#include <utility>

#include "core/try.hpp"
#include "oauth/client.hpp"
#include "providers/google/client_file.hpp"
#include "providers/google/token.hpp"
#include "providers/oidc/sign_in.hpp"
#include "providers/oidc/take_over.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::size_t longest_client_file = 64UL * 1024;
constexpr const char* own_issuer = "https://accounts.google.com";
constexpr const char* email_scope = "https://www.googleapis.com/auth/userinfo.email";

// Google takes the secret of a desktop client for no secret, and wants it all the same.
Result<> take_client_file(Profile& profile, Material& material) {
    const auto& place = std::as_const(*profile.google).client_file;
    if (!profile.client_id.empty() || place.empty()) return {};
    const auto content = HEARTH_TRY(material.file(place, longest_client_file));
    if (!content)
        return std::unexpected(Error{Remedy::failed,
                                     place + " is not there, and client_file names it",
                                     "save the OAuth client there that Google's console gives"});
    const auto client = HEARTH_TRY(read_client_file(content->reveal(), place));
    profile.client_id = client.client_id;
    profile.client_secret = std::string(client.client_secret.reveal());
    return {};
}

// Google is an OpenID provider with a few habits of its own: a refresh token is given to those who
// ask for offline access, and at each consent alone.
Result<Profile> as_openid(const Profile& profile, Material& material) {
    auto openid = profile;
    HEARTH_CHECK(take_client_file(openid, material));
    if (openid.issuer.empty()) openid.issuer = own_issuer;
    if (openid.scopes.empty())
        openid.scopes = HEARTH_TRY(Scopes::of({"openid", email_scope, cloud_platform}));
    openid.authorize_parameters.try_emplace("access_type", "offline");
    openid.authorize_parameters.try_emplace("prompt", "consent");
    if (openid.client_auth.empty() && !openid.client_secret.empty())
        openid.client_auth = oauth::to_string(oauth::ClientAuth::post);
    return openid;
}

Error with_google_words(Error error, const SignInOptions& options) {
    const bool scope = error.what.contains("invalid_scope");
    if (scope && options.way == SignInWay::device)
        error.hint =
            "Google allows few scopes to a sign-in on another device, and the cloud's are "
            "not among them: sign in with a browser, or set scopes";
    return error;
}

}  // namespace

bool signs_in(const Profile& profile) noexcept {
    return !profile.client_id.empty() || !profile.google->client_file.empty();
}

Result<Session> sign_in_as_person(const Ports& ports, Material& material, const Profile& profile,
                                  const SignInOptions& options, Person& person,
                                  const std::stop_token& stop) {
    const auto openid = HEARTH_TRY(as_openid(profile, material));
    auto session = options.way == SignInWay::device
                       ? sign_in_by_device(ports, openid, person, stop)
                       : sign_in_by_browser(ports, openid, person, stop);
    if (!session) return std::unexpected(with_google_words(std::move(session).error(), options));
    session->provider = "google";
    if (!session->refresh_token)
        return std::unexpected(
            Error{Remedy::failed, "Google gave no refresh token",
                  "take hearth's access away at https://myaccount.google.com/permissions, and sign "
                  "in again"});
    return session;
}

Result<Session> take_over_person(const Ports& ports, Material& material, const Profile& profile,
                                 HeldTokens tokens, const std::stop_token& stop) {
    const auto openid = HEARTH_TRY(as_openid(profile, material));
    auto session = HEARTH_TRY(take_over_oidc(ports, openid, std::move(tokens), stop));
    session.provider = "google";
    return session;
}

}  // namespace hearth::providers::google
