// Faults planted on purpose, to see that the promises catch them. Each is made in the simulation's
// own ports; the product never knows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hearth::simulation {

enum class Plant : std::uint8_t {
    none,
    skipped_reload,            // Under the lock the store shows what this process knew already.
    save_before_compare,       // Whoever gets the lock writes what it knew before it looks.
    lock_excludes_nobody,      // Everybody gets the lock.
    lock_never_given_back,     // Letting go of the lock is forgotten now and then.
    refusal_without_proof,     // An outage is taken for the end of the grant.
    intent_not_written,        // The journal says that it took an intent, and did not.
    late_save_after_sign_out,  // A save lands once more, long after.
    expired_token_handed_out,  // A caller who gets an error gets the last token instead.
    failure_erases,            // A save that fails empties the store.
    hold_kept_to_itself,       // The journal tells nobody how long to leave the server alone.
    limit_ignored,             // Requests are not limited.
};

struct PlantName {
    Plant plant;
    std::string_view name;
};
std::span<const PlantName> plants() noexcept;
std::optional<Plant> parse_plant(std::string_view name) noexcept;
std::string_view to_string(Plant plant) noexcept;

}  // namespace hearth::simulation
