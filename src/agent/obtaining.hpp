// Getting a credential for a caller, from wherever the profile has it, with what may have to be run
// for that.
#pragma once

#include <functional>
#include <memory>

#include "agent/service.hpp"

namespace hearth::agent {

// Something that is tried, and a second time once the profile's auth_refresh has been run for it. A
// call keeps it until it ends.
template <class Answer>
class MendedAttempt : public std::enable_shared_from_this<MendedAttempt<Answer>> {
  public:
    using Done = std::move_only_function<void(Result<Answer>)>;
    // Begins it. Dropping what it returns ends it.
    using Attempt = std::function<std::shared_ptr<void>(bool again, Done done)>;

    MendedAttempt(Service& service, const CallPtr& call, ProfileName profile,
                  AuthRefreshes::Wish wish, Attempt attempt, Done done)
        : service_(service),
          call_(call),
          profile_(std::move(profile)),
          wish_(wish),
          attempt_(std::move(attempt)),
          done_(std::move(done)),
          asked_(service.clock.now().boot) {}

    void begin() { try_it(false, &MendedAttempt::first); }

  private:
    // What comes of it comes later: a helper may answer before this has its seat.
    void try_it(bool again, void (MendedAttempt::*then)(Result<Answer>)) {
        held_ = attempt_(again, [weak = this->weak_from_this(), &loop = service_.loop,
                                 then](Result<Answer> got) {
            loop.post([weak, then, got = std::move(got)]() mutable {
                if (const auto self = weak.lock()) (*self.*then)(std::move(got));
            });
        });
    }

    void first(Result<Answer> got) {
        const auto call = call_.lock();
        if (got || !call || !service_.refreshes.mends(profile_, got.error()))
            return done_(std::move(got));
        held_ = service_.refreshes.failed(
            call, profile_, asked_, wish_,
            [weak = this->weak_from_this(), error = std::move(got).error()](
                const std::optional<sources::HelperTrouble>& trouble) mutable {
                const auto self = weak.lock();
                if (!self) return;
                if (!trouble) return self->try_it(true, &MendedAttempt::second);
                self->done_(
                    std::unexpected(with_refresh(std::move(error), self->profile_, *trouble)));
            });
    }

    void second(Result<Answer> got) {
        if (!got && service_.refreshes.mends(profile_, got.error()))
            got =
                std::unexpected(service_.refreshes.failed_again(profile_, std::move(got).error()));
        done_(std::move(got));
    }

    Service& service_;
    std::weak_ptr<Call> call_;
    ProfileName profile_;
    AuthRefreshes::Wish wish_;
    Attempt attempt_;
    Done done_;
    Span asked_;
    std::shared_ptr<void> held_;
};

using Credited = std::move_only_function<void(Result<CredentialPtr>)>;

// The profile's credential, by its helper or else by the engine. The call keeps what this returns.
std::shared_ptr<void> obtain(Service& service, const CallPtr& call, const ProfileName& profile,
                             const session::Demand& demand, Credited done);
// Another one than this, which a server refused.
std::shared_ptr<void> obtain_another(Service& service, const CallPtr& call,
                                     const ProfileName& profile, const Secret& token,
                                     Credited done);

}  // namespace hearth::agent
