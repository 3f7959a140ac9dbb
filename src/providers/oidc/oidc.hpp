#pragma once

#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// Any OpenID Connect or OAuth server that has an issuer, or endpoints written down in the profile.
class Oidc final : public Provider {
  public:
    explicit Oidc(Ports ports) noexcept : ports_(ports) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "oidc"; }
    Result<Session> sign_in(const Profile& profile, const SignInOptions& options, Person& person,
                            std::stop_token stop) override;
    // The expiry is read from a token that is a JWT; any other is taken for one that does not
    // expire.
    Result<Session> adopt(const Profile& profile, Secret token) override;
    Result<Session> take_over(const Profile& profile, HeldTokens tokens,
                              const std::stop_token& stop) override;
    Renewal renew(const Profile& profile, const Session& session, std::stop_token stop) override;
    Result<> revoke(const Profile& profile, const Session& session, std::stop_token stop) override;
    Result<std::vector<Fact>> whoami(const Profile& profile, const Session& session,
                                     std::stop_token stop) override;
    [[nodiscard]] CredentialPtr credential(const Profile& profile,
                                           const Session& session) const override;
    [[nodiscard]] Result<> check(const Profile& profile) const override;

  private:
    Ports ports_;
};

}  // namespace hearth::providers
