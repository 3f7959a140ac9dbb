#pragma once

#include "hearth/sigv4.hpp"
#include "providers/aws/decisions.hpp"
#include "providers/aws/material.hpp"
#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// Accounts of AWS. What their configuration says about where keys come from is followed at each
// renewal; a person is needed for Identity Center and for codes of an MFA device alone.
class Aws final : public Provider {
  public:
    // The material outlives this.
    Aws(Ports ports, aws::Material& material) : ports_(ports), material_(material) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "aws"; }
    Result<Session> sign_in(const Profile& profile, const SignInOptions& options, Person& person,
                            std::stop_token stop) override;
    // Keys as AWS's programs print them, in JSON, or an API key of Bedrock.
    Result<Session> adopt(const Profile& profile, Secret token) override;
    Renewal renew(const Profile& profile, const Session& session, std::stop_token stop) override;
    // The profile that signs in to Identity Center for this one.
    [[nodiscard]] std::optional<ProfileName> rests_on(const Profile& profile) const override;
    Renewal renew_with(const Base& base, const Profile& profile, const Session& session,
                       std::stop_token stop) override;
    [[nodiscard]] bool unattended(const Profile& profile) const override;
    // Keys cannot be revoked; a sign-in to Identity Center can.
    Result<> revoke(const Profile& profile, const Session& session, std::stop_token stop) override;
    Result<std::vector<Fact>> whoami(const Profile& profile, const Session& session,
                                     std::stop_token stop) override;
    [[nodiscard]] CredentialPtr credential(const Profile& profile,
                                           const Session& session) const override;
    [[nodiscard]] Result<> check(const Profile& profile) const override;
    // By what AWS's files say of it now.
    [[nodiscard]] std::string basis(const Profile& profile) const override;
    // The command that AWS's files get its keys from; absent where something else gives them.
    [[nodiscard]] std::optional<aws::KeyCommand> command_of(const Profile& profile) const;

  private:
    // `base` is null where nobody is signed in for this profile; `code` is that of an MFA device.
    Renewal keys_by(const aws::Settled& settled, const Base* base, const Profile& profile,
                    const Session& session, const std::string& code, const std::stop_token& stop);
    Renewal keys_renewed(const Base* base, const Profile& profile, const Session& session,
                         const std::stop_token& stop);
    aws::KeysResult role_keys(const Base* base, const Profile& profile,
                              const aws::IdentityCenter& role, const std::stop_token& stop);

    Ports ports_;
    aws::Material& material_;
    mutable aws::Decisions decisions_{material_};
    sigv4::Signer signer_;
};

}  // namespace hearth::providers
