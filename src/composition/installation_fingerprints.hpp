#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "core/fingerprint.hpp"
#include "core/random.hpp"

namespace hearth::composition {

// Safe from any thread. The installation's id is read, or made, with the first question.
class InstallationFingerprints final : public Fingerprints {
  public:
    InstallationFingerprints(std::string state_folder, Random& random)
        : state_folder_(std::move(state_folder)), random_(random) {}
    [[nodiscard]] std::string of(const Secret& secret) const override;

  private:
    std::string state_folder_;
    Random& random_;
    mutable std::mutex mutex_;
    mutable std::optional<std::string> id_;  // Guarded by mutex_.
};

}  // namespace hearth::composition
