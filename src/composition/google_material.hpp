#pragma once

#include <map>
#include <mutex>

#include "core/places.hpp"
#include "providers/google/material.hpp"

namespace hearth::composition {

// Google's files, the variables of this process, and what commands of credential files printed for
// those who asked, which is kept in locked memory, in no file, and for the profile alone that it
// was given for.
class GoogleMaterial final : public providers::google::Material {
  public:
    explicit GoogleMaterial(Environment environment) : environment_(std::move(environment)) {}

    std::optional<std::string> variable(std::string_view name) override;
    Result<std::optional<Secret>> file(const std::string& path, std::size_t limit) override;
    std::string stamp(const std::string& path) override;
    std::optional<Secret> printed(const ProfileName& profile) override;

    // Replaces what was given for the profile.
    void give(const ProfileName& profile, Secret text);
    void forget();

  private:
    Environment environment_;
    std::mutex mutex_;
    std::map<ProfileName, Secret> printed_;  // By `mutex_`.
};

}  // namespace hearth::composition
