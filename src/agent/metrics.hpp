#pragma once

#include <cstdint>
#include <map>

#include "core/name.hpp"
#include "core/settings.hpp"
#include "session/engine.hpp"

namespace hearth::agent {

// What has happened to each profile since the agent was started, as numbers. Loop thread only.
class Metrics {
  public:
    struct Tally {
        std::map<session::Event::Kind, std::uint64_t> events;
        std::uint64_t handed_out = 0;
        std::uint64_t rejected = 0;
    };

    // A session that is only read, as all are at the start, costs nothing.
    void on_event(const session::Event& event) {
        if (event.kind != session::Event::Kind::loaded)
            ++tallies_[event.profile].events[event.kind];
    }
    // How often the profile's credential was handed out, to be counted up by whoever does. Stays
    // where it is until `keep_only` drops the profile.
    std::uint64_t& handed_out(const ProfileName& profile) { return tallies_[profile].handed_out; }
    void rejected(const ProfileName& profile) { ++tallies_[profile].rejected; }
    // Zeros for a profile that nothing has happened to.
    [[nodiscard]] const Tally& of(const ProfileName& profile) const;
    // Drops what was counted for profiles that are gone.
    void keep_only(const Settings& settings);

  private:
    std::map<ProfileName, Tally> tallies_;
};

}  // namespace hearth::agent
