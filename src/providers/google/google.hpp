#pragma once

#include "hearth/sigv4.hpp"
#include "providers/google/material.hpp"
#include "providers/google/search.hpp"
#include "providers/google/token.hpp"
#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// Accounts of Google Cloud. A person is needed where the profile has an OAuth client to sign in
// with; else the tokens are got by the credentials that Google's programs would find, by those that
// somebody handed over, or with another profile's credential.
class Google final : public Provider {
  public:
    // The material outlives this.
    Google(Ports ports, google::Material& material) : ports_(ports), material_(material) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "google"; }
    Result<Session> sign_in(const Profile& profile, const SignInOptions& options, Person& person,
                            std::stop_token stop) override;
    // A credential file's content, whose secret rests in the session from then on, or an access
    // token. The first token is got at once, which shows that the secret is good.
    Result<Session> adopt(const Profile& profile, Secret token) override;
    Result<Session> take_over(const Profile& profile, HeldTokens tokens,
                              const std::stop_token& stop) override;
    Renewal renew(const Profile& profile, const Session& session, std::stop_token stop) override;
    [[nodiscard]] std::optional<ProfileName> rests_on(const Profile& profile) const override;
    Renewal renew_with(const Base& base, const Profile& profile, const Session& session,
                       std::stop_token stop) override;
    [[nodiscard]] bool unattended(const Profile& profile) const override;
    // A person's grant; keys cannot be revoked from here.
    Result<> revoke(const Profile& profile, const Session& session, std::stop_token stop) override;
    Result<std::vector<Fact>> whoami(const Profile& profile, const Session& session,
                                     std::stop_token stop) override;
    [[nodiscard]] CredentialPtr credential(const Profile& profile,
                                           const Session& session) const override;
    [[nodiscard]] Result<> check(const Profile& profile) const override;
    // By the credential file as it is now.
    [[nodiscard]] std::string basis(const Profile& profile) const override;
    // The command that the credential file gets its subject token from; absent where there is none.
    [[nodiscard]] std::optional<google::SubjectCommand> command_of(const Profile& profile) const;
    // That command has just printed what the material has for the profile.
    void note_printed(const Profile& profile) { findings_.note_printed(profile); }

  private:
    [[nodiscard]] google::Outside outside_for(const Profile& profile) const;
    Renewal by_own_credentials(const Profile& profile, const Session& session,
                               const std::stop_token& stop);
    google::TokenResult with_base(const Base& base, const Profile& profile,
                                  const std::stop_token& stop) const;
    google::TokenResult of_session(const Profile& profile, const Session& session,
                                   const std::stop_token& stop) const;

    Ports ports_;
    google::Material& material_;
    mutable google::Findings findings_{material_};
    sigv4::Signer signer_;
};

}  // namespace hearth::providers
