#include "simulation/plant.hpp"

#include <algorithm>
#include <array>

namespace hearth::simulation {
namespace {

constexpr std::array all{
    PlantName{Plant::skipped_reload, "skipped-reload"},
    PlantName{Plant::save_before_compare, "save-before-compare"},
    PlantName{Plant::lock_excludes_nobody, "lock-excludes-nobody"},
    PlantName{Plant::lock_never_given_back, "lock-never-given-back"},
    PlantName{Plant::refusal_without_proof, "refusal-without-proof"},
    PlantName{Plant::intent_not_written, "intent-not-written"},
    PlantName{Plant::late_save_after_sign_out, "late-save-after-sign-out"},
    PlantName{Plant::expired_token_handed_out, "expired-token-handed-out"},
    PlantName{Plant::failure_erases, "failure-erases"},
    PlantName{Plant::hold_kept_to_itself, "hold-kept-to-itself"},
    PlantName{Plant::limit_ignored, "limit-ignored"},
};

}  // namespace

std::span<const PlantName> plants() noexcept { return all; }

std::optional<Plant> parse_plant(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(all, name, &PlantName::name);
    if (found == all.end()) return {};
    return found->plant;
}

std::string_view to_string(Plant plant) noexcept {
    const auto* const found = std::ranges::find(all, plant, &PlantName::plant);
    return found == all.end() ? std::string_view("none") : found->name;
}

}  // namespace hearth::simulation
