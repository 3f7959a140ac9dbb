#include "providers/aws/decisions.hpp"

#include <variant>

namespace hearth::providers::aws {
namespace {

std::optional<KeyCommand> command_in(const Plan& plan) {
    const auto* const process = std::get_if<Process>(&plan.way);
    if (process == nullptr) return std::nullopt;
    return KeyCommand{.text = process->command, .place = plan.place};
}

}  // namespace

std::string Decisions::stamp_of(const SharedPlaces& places) {
    return material_.stamp(places.config.path) + "/" + material_.stamp(places.credentials.path);
}

Decision Decisions::decide(const Profile& profile) {
    const auto settled = settle(profile, nullptr, material_);
    // As long as the same is wrong it is the same.
    if (!settled) return {.basis = basis_of(settled.error()), .command = {}};
    return {.basis = settled->basis, .command = command_in(settled->plan)};
}

Decision Decisions::of(const Profile& profile) {
    const std::scoped_lock lock(mutex_);
    const auto& settings = *profile.aws;
    const auto& command = profile.helper->credential_export;
    const auto found = known_.find(profile.name);
    if (found != known_.end()) {
        const auto& known = found->second;
        if (known.settings == settings && known.command == command &&
            known.stamp == stamp_of(known.places))
            return known.decision;
    }
    auto places = shared_places_of(settings, material_);
    if (!places) return {.basis = basis_of(places.error()), .command = {}};
    // Before the files are read: what changes while they are is noticed the next time.
    auto stamp = stamp_of(*places);
    auto decision = decide(profile);
    known_.insert_or_assign(profile.name, Known{.settings = settings,
                                                .command = command,
                                                .places = *std::move(places),
                                                .stamp = std::move(stamp),
                                                .decision = decision});
    return decision;
}

}  // namespace hearth::providers::aws
