// What befalls machines and their surroundings; moves.cpp has programs and users.
#include <utility>

#include "simulation/moves.hpp"

namespace hearth::simulation {

using namespace std::chrono_literals;

void Moves::crash() {
    auto* const process = some_process();
    if (process == nullptr) return;
    scene_.reached(Reached::crash_elsewhere);
    world_.kill(*process);
}

void Moves::reboot() {
    auto& host = some_host();
    scene_.reached(Reached::reboot);
    scene_.trace.note(host.name(), "reboots");
    host.wake();
    for (auto* const process : world_.processes()) {
        if (&process->host() == &host) world_.kill(*process);
    }
    host.reboot(dice_.between(10s, 5min));
    if (dice_.chance(0.3)) host.step_wall(dice_.between(-48h, 1h));
}

void Moves::suspend() {
    auto& host = some_host();
    if (host.asleep()) return;
    scene_.reached(Reached::suspend);
    scene_.trace.note(host.name(), "falls asleep");
    host.suspend();
    scene_.timeline.in(dice_.between(1s, dice_.chance(0.5) ? Span(5min) : Span(20h)),
                       [this, &host] {
                           scene_.trace.note(host.name(), "wakes");
                           host.wake();
                       });
}

void Moves::set_clock() {
    auto& host = some_host();
    const bool forward = dice_.chance(0.5);
    scene_.reached(forward ? Reached::clock_forward : Reached::clock_back);
    const Span by = dice_.between(1s, dice_.chance(0.5) ? Span(10min) : Span(72h));
    host.step_wall(forward ? by : -by);
    scene_.trace.note(host.name(), "has its clock set by ", (forward ? by : -by) / 1s, " s");
}

void Moves::shut_store() {
    auto& host = some_host();
    host.installation.shut_until = scene_.timeline.now() + dice_.between(1s, 3h);
    scene_.trace.note(host.name(), "cannot reach its store for a while");
}

void Moves::fill_disk() {
    auto& host = some_host();
    scene_.reached(Reached::disk_full);
    host.installation.disk_full_until = scene_.timeline.now() + dice_.between(1s, 3h);
    scene_.trace.note(host.name(), "has a full disk for a while");
}

void Moves::cut_network() {
    auto& host = some_host();
    host.offline_until = scene_.timeline.now() + dice_.between(1s, 5h);
    scene_.trace.note(host.name(), "is offline for a while");
}

void Moves::take_provider_down() {
    scene_.reached(Reached::outage);
    world_.issuer().fail_until(scene_.timeline.now() + dice_.between(1s, 5h));
    scene_.trace.note("issuer", "is down for a while");
}

void Moves::change_weather() { scene_.climate = draw_climate(dice_); }

void Moves::restart_agents() {
    auto& host = some_host();
    if (world_.agents(host).empty()) (void)world_.start(host, "agent", World::Keeps::yes);
}

}  // namespace hearth::simulation
