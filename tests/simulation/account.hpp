// The provider as a process sees it: the product's own OpenID provider for renewals, over the
// simulated network, and a person who signs in, or does not.
#pragma once

#include "oauth/callback.hpp"
#include "oauth/waiter.hpp"
#include "providers/oidc/oidc.hpp"
#include "simulation/issuer.hpp"
#include "simulation/process.hpp"

namespace hearth::simulation {

class Account final : public providers::Provider {
  public:
    Account(Process& process, Issuer& issuer, Http& http, Random& random);

    [[nodiscard]] std::string_view name() const noexcept override { return "oidc"; }
    Result<Session> sign_in(const Profile& profile, const providers::SignInOptions& options,
                            providers::Person& person, std::stop_token stop) override;
    Result<Session> adopt(const Profile& profile, Secret token) override {
        return oidc_.adopt(profile, std::move(token));
    }
    providers::Renewal renew(const Profile& profile, const Session& session,
                             std::stop_token stop) override {
        return oidc_.renew(profile, session, std::move(stop));
    }
    Result<> revoke(const Profile& profile, const Session& session, std::stop_token stop) override {
        return oidc_.revoke(profile, session, std::move(stop));
    }
    Result<std::vector<providers::Fact>> whoami(const Profile& profile, const Session& session,
                                                std::stop_token stop) override {
        return oidc_.whoami(profile, session, std::move(stop));
    }
    [[nodiscard]] CredentialPtr credential(const Profile& profile,
                                           const Session& session) const override {
        return oidc_.credential(profile, session);
    }
    [[nodiscard]] Result<> check(const Profile& profile) const override {
        return oidc_.check(profile);
    }

  private:
    // Signing in does not go through the product's provider here.
    class NoCallbacks final : public oauth::Callbacks {
        Result<std::unique_ptr<oauth::CallbackListener>> listen(
            std::uint16_t /*port*/,
            std::function<oauth::CallbackReply(const oauth::CallbackRequest&)> /*handle*/)
            override {
            return std::unexpected(Error{Remedy::failed, "nobody listens here", ""});
        }
    };
    class NoWaiter final : public oauth::Waiter {
        bool wait(Span /*span*/, std::stop_token /*stop*/) override { return false; }
    };

    Process& process_;
    Issuer& issuer_;
    NoCallbacks callbacks_;
    NoWaiter waiter_;
    providers::Oidc oidc_;
};

}  // namespace hearth::simulation
