#include "agent/obtaining.hpp"

#include <utility>

#include "agent/offers.hpp"

namespace hearth::agent {
namespace {

bool has_refresh(Service& service, const ProfileName& profile) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(profile);
    return found != profiles.end() && !std::as_const(*found->second).aws->auth_refresh.empty();
}

using Attempt = MendedAttempt<CredentialPtr>;

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
        return service.engine.credential(profile, wanted, std::move(got));
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
