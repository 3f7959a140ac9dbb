#include "agent/obtaining.hpp"

#include <utility>

#include "agent/offers.hpp"
#include "agent/projects.hpp"

namespace hearth::agent {
namespace {

bool has_refresh(Service& service, const ProfileName& profile) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(profile);
    return found != profiles.end() && !std::as_const(*found->second).auth_refresh->command.empty();
}

using Attempt = MendedAttempt<CredentialPtr>;

// A credential that the engine may get only after a program was run, whose output it exchanges.
class ExchangedAttempt : public std::enable_shared_from_this<ExchangedAttempt> {
  public:
    ExchangedAttempt(Service& service, const CallPtr& call, ProfileName profile,
                     session::Demand demand, Credited done)
        : service_(service),
          call_(call),
          profile_(std::move(profile)),
          demand_(demand),
          done_(std::move(done)) {}

    void begin() { try_it(&ExchangedAttempt::first); }

  private:
    using Then = void (ExchangedAttempt::*)(Result<CredentialPtr>);

    // What comes of it comes later: a program may have been run already.
    [[nodiscard]] Credited later(Then then) {
        return [weak = weak_from_this(), &loop = service_.loop, then](Result<CredentialPtr> got) {
            loop.post([weak, then, got = std::move(got)]() mutable {
                if (const auto self = weak.lock()) (*self.*then)(std::move(got));
            });
        };
    }
    void try_it(Then then) { held_ = service_.engine.credential(profile_, demand_, later(then)); }

    void first(Result<CredentialPtr> got) {
        const auto call = call_.lock();
        const bool mendable = !got && (got.error().remedy == Remedy::failed ||
                                       got.error().remedy == Remedy::sign_in ||
                                       got.error().remedy == Remedy::refused);
        if (!mendable || !call) return done_(std::move(got));
        held_ = service_.helpers.subject_token(call, profile_, later(&ExchangedAttempt::after_run));
    }
    void after_run(Result<CredentialPtr> ran) {
        if (!ran) return done_(std::move(ran));
        demand_.anew = true;
        try_it(&ExchangedAttempt::second);
    }
    void second(Result<CredentialPtr> got) { done_(std::move(got)); }

    Service& service_;
    std::weak_ptr<Call> call_;
    ProfileName profile_;
    session::Demand demand_;
    Credited done_;
    std::shared_ptr<void> held_;
};

// Whether a program may be run for the profile's token, by its settings or by who asks.
bool runs_subject_program(Service& service, const Call& call, const ProfileName& profile) {
    if (!service.helpers.subject_program_of(profile)) return false;
    const auto& settings = *std::as_const(*service.engine.settings().profiles.at(profile)).google;
    // What a person allows in general is not meant for files that a project's folder names.
    return settings.allow_executables || (is_persons_own(service, profile) &&
                                          call.request().members().flag("allows_executables"));
}

std::shared_ptr<void> by_engine(Service& service, const CallPtr& call, const ProfileName& profile,
                                const session::Demand& demand, Credited done) {
    if (!runs_subject_program(service, *call, profile))
        return service.engine.credential(profile, demand, std::move(done));
    const auto whole =
        std::make_shared<ExchangedAttempt>(service, call, profile, demand, std::move(done));
    whole->begin();
    return whole;
}

std::shared_ptr<void> mended(Service& service, const CallPtr& call, const ProfileName& profile,
                             Attempt::Attempt attempt, Credited done) {
    if (!has_refresh(service, profile)) return attempt(false, std::move(done));
    const auto whole =
        std::make_shared<Attempt>(service, call, profile, AuthRefreshes::Wish::as_needed,
                                  std::move(attempt), std::move(done));
    whole->begin();
    return whole;
}

// A command that was to help may have given the same keys again.
Credited refusing_the_same(std::string refused, Credited done) {
    return [refused = std::move(refused),
            done = std::move(done)](Result<CredentialPtr> got) mutable {
        const auto* const keys = got ? (*got)->aws_keys() : nullptr;
        if (keys == nullptr || keys->access_key_id != refused) return done(std::move(got));
        done(std::unexpected(Error{
            Remedy::failed, (*got)->profile() + ": the keys that were rejected are the only ones",
            "find out why they are rejected: hearth whoami"}));
    };
}

std::string key_id_of(Service& service, const ProfileName& profile) {
    const auto present = service.engine.warm(profile, Span{});
    const auto* const keys = present ? present->aws_keys() : nullptr;
    return keys == nullptr ? std::string() : keys->access_key_id;
}

}  // namespace

std::shared_ptr<void> obtain(Service& service, const CallPtr& call, const ProfileName& profile,
                             const session::Demand& demand, Credited done) {
    auto attempt = [&service, weak = std::weak_ptr(call), profile, demand](
                       bool again, Credited got) -> std::shared_ptr<void> {
        const auto live = weak.lock();
        if (!live) return nullptr;
        if (from_helper(service, *live, profile))
            return service.helpers.credential(live, profile, std::move(got));
        auto wanted = demand;
        wanted.anew = again;
        return by_engine(service, live, profile, wanted, std::move(got));
    };
    return mended(service, call, profile, std::move(attempt), std::move(done));
}

std::shared_ptr<void> obtain_another(Service& service, const CallPtr& call,
                                     const ProfileName& profile, const Secret& token,
                                     Credited done) {
    const auto refused = std::make_shared<const Secret>(token.clone());
    const auto key_id = has_refresh(service, profile) ? key_id_of(service, profile) : "";
    auto attempt = [&service, weak = std::weak_ptr(call), profile, refused, key_id](
                       bool again, Credited got) -> std::shared_ptr<void> {
        const auto live = weak.lock();
        if (!live) return nullptr;
        if (from_helper(service, *live, profile))
            return service.helpers.rejected(live, profile, *refused, std::move(got));
        const session::Demand demand{.anew = again};
        if (!key_id.empty()) got = refusing_the_same(key_id, std::move(got));
        return service.engine.rejected(profile, *refused, demand, std::move(got));
    };
    return mended(service, call, profile, std::move(attempt), std::move(done));
}

}  // namespace hearth::agent
