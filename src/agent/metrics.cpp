#include "agent/metrics.hpp"

namespace hearth::agent {

const Metrics::Tally& Metrics::of(const ProfileName& profile) const {
    static const Tally nothing;
    const auto found = tallies_.find(profile);
    return found == tallies_.end() ? nothing : found->second;
}

void Metrics::keep_only(const Settings& settings) {
    std::erase_if(tallies_,
                  [&](const auto& tally) { return !settings.profiles.contains(tally.first); });
}

}  // namespace hearth::agent
