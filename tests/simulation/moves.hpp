// What users, programs and misfortune do in a simulated world, one move at a time.
#pragma once

#include "simulation/world.hpp"

namespace hearth::simulation {

class Moves {
  public:
    explicit Moves(World& world);
    // Moves again and again until told to stop.
    void begin();
    void stop() noexcept { stopped_ = true; }

  private:
    struct Move {
        unsigned weight;
        void (Moves::*make)();
    };
    void next();
    void make_one();
    [[nodiscard]] Span gap();
    Process* some_process();
    Host& some_host();
    ProfileName some_profile(Process& process);
    session::Demand some_demand();

    // Programs.
    void ask();
    void run_once();
    void reject();
    void leave();
    void start_program();
    // Users.
    void sign_in();
    void sign_out();
    void switch_account();
    void change_settings();
    void remove_profile();
    void lock_store();
    void revoke_at_provider();
    void stop_agent();
    // Misfortune.
    void crash();
    void reboot();
    void suspend();
    void set_clock();
    void shut_store();
    void fill_disk();
    void cut_network();
    void take_provider_down();
    void change_weather();
    void restart_agents();
    void configure(Host& host);

    World& world_;
    Scene& scene_;
    Dice& dice_;
    bool stopped_ = false;
};

}  // namespace hearth::simulation
