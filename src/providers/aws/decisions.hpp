#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/profile.hpp"
#include "providers/aws/material.hpp"
#include "providers/aws/settled.hpp"

namespace hearth::providers::aws {

// A command that the keys come from.
struct KeyCommand {
    std::string text;
    std::string place;  // "config:12"
    bool operator==(const KeyCommand&) const = default;
};

struct Decision {
    // Another one once the keys would be got otherwise than now, or the files are no longer right;
    // nothing of what it is made of can be read out of it. Short, because it is often compared.
    std::string basis;
    std::optional<KeyCommand> command;  // Of AWS's files, where nothing is in front of it.
};

// What `settle` makes of a profile, for questions that come with every request: AWS's files are
// read again once they have changed on disk. Safe from any thread.
class Decisions {
  public:
    // The material outlives this.
    explicit Decisions(Material& material) : material_(material) {}

    Decision of(const Profile& profile);

  private:
    struct Known {
        AwsSettings settings;
        std::string command;  // Of the profile's own.
        SharedPlaces places;
        std::string stamp;  // Of the files there.
        Decision decision;
    };
    [[nodiscard]] std::string stamp_of(const SharedPlaces& places);
    [[nodiscard]] Decision decide(const Profile& profile);

    Material& material_;
    std::mutex mutex_;
    std::map<ProfileName, Known> known_;
};

}  // namespace hearth::providers::aws
