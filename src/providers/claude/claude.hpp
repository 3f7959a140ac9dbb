#pragma once

#include "providers/claude/identity_material.hpp"
#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// Anthropic's Console: sign-in with a client id that was issued to the user, API keys, and
// workloads that sign in by themselves.
class Claude final : public Provider {
  public:
    // Without material, which outlives this, no workload signs in.
    explicit Claude(Ports ports, claude::IdentityMaterial* material = nullptr) noexcept
        : ports_(ports), material_(material) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "claude"; }
    // In a browser only: the Console has no device sign-in.
    Result<Session> sign_in(const Profile& profile, const SignInOptions& options, Person& person,
                            std::stop_token stop) override;
    // API keys and access tokens, told apart by how they begin.
    Result<Session> adopt(const Profile& profile, Secret token) override;
    Result<Session> adopt_key(const Profile& profile, Secret key) override;
    // A sign-in of the client that the profile names.
    Result<Session> take_over(const Profile& profile, HeldTokens tokens,
                              const std::stop_token& stop) override;
    Renewal renew(const Profile& profile, const Session& session, std::stop_token stop) override;
    [[nodiscard]] bool unattended(const Profile& profile) const override;
    // No way to revoke is documented: done without a request, unless the profile names an endpoint.
    Result<> revoke(const Profile& profile, const Session& session, std::stop_token stop) override;
    Result<std::vector<Fact>> whoami(const Profile& profile, const Session& session,
                                     std::stop_token stop) override;
    [[nodiscard]] CredentialPtr credential(const Profile& profile,
                                           const Session& session) const override;
    // A missing client_id is no error here: API keys need none.
    [[nodiscard]] Result<> check(const Profile& profile) const override;

  private:
    Ports ports_;
    claude::IdentityMaterial* material_;
};

}  // namespace hearth::providers
