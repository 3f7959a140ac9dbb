// What the simulation knows of each session, from the store and the provider themselves.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hearth/credential.hpp"
#include "simulation/issuer.hpp"

namespace hearth::simulation {

struct Ledger {
    struct Stored {
        Version version;
        std::string subject;
        std::optional<std::size_t> access;
        std::optional<std::size_t> refresh;
    };
    std::optional<Stored> stored;
    std::set<std::string> erased;  // Lineages.
    std::uint64_t mishaps = 0;     // How often it was erased, replaced or its token presented.
    std::vector<int> in_flight;    // Processes whose renewal is out.
    std::optional<std::size_t> last_sent;

    // How long the server asked to be left alone, and since when all processes can know.
    Span asked_hold{};
    Span longest_hold{};  // Ever asked for.
    int asked_of = 0;     // The process that was told; 0: nobody.
    int asked_wall_steps = 0;
    Span hold_until{};
    int hold_wall_steps = 0;
};

class Ledgers {
  public:
    Ledger& of(const Place& place) { return ledgers_[{place.installation, place.session}]; }
    [[nodiscard]] auto begin() { return ledgers_.begin(); }
    [[nodiscard]] auto end() { return ledgers_.end(); }

  private:
    std::map<std::pair<int, std::string>, Ledger> ledgers_;
};

}  // namespace hearth::simulation
