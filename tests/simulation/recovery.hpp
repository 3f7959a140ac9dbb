// "Recovery is automatic": once the faults have stopped, whatever the provider would still renew
// becomes fresh within a bounded time, nobody is left without an answer, and no lock is left held.
#pragma once

#include "simulation/world.hpp"

namespace hearth::simulation {

class Recovery {
  public:
    explicit Recovery(World& world) : world_(world), scene_(world.scene()) {}
    void run();

  private:
    void end_faults();
    void pass(Span span);
    [[nodiscard]] Span longest_hold();
    void check_keepers();
    [[nodiscard]] bool from_another_boot(const Ledger::Stored& stored, const Host& host) const;
    void check_locks();
    void ask_everybody();

    World& world_;
    Scene& scene_;
};

}  // namespace hearth::simulation
