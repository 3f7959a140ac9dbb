#include "simulation/host.hpp"

#include <utility>

namespace hearth::simulation {

using namespace std::chrono_literals;

Host::Host(Scene& scene, int number)
    : installation(scene),
      scene_(scene),
      number_(number),
      name_("host" + std::to_string(number)),
      booted_at_(-scene.dice.between(1min, 24h)),
      wall_offset_(scene.dice.between(-10min, 10min)) {
    boot_id_.bytes.fill(static_cast<std::uint8_t>(number));
}

Moment Host::now() const {
    const Span since = scene_.timeline.now();
    return {.wall = Instant(1'800'000'000s) + since + wall_offset_,
            .boot = since - booted_at_,
            .boot_id = boot_id_};
}

void Host::in(Span span, Timeline::Task task) {
    scene_.timeline.in(span, [this, task = std::move(task)]() mutable {
        if (asleep_) {
            postponed_.push_back(std::move(task));
        } else {
            task();
        }
    });
}

void Host::suspend() { asleep_ = true; }

void Host::wake() {
    asleep_ = false;
    for (auto& task : std::exchange(postponed_, {}))
        in(scene_.dice.between(0ms, 50ms), std::move(task));
}

void Host::reboot(Span off) {
    asleep_ = false;
    postponed_.clear();
    wall_was_set_ = false;
    booted_at_ = scene_.timeline.now() + off;
    for (auto& byte : boot_id_.bytes) byte = static_cast<std::uint8_t>(scene_.dice.bits());
}

void Host::step_wall(Span span) {
    wall_offset_ += span;
    ++wall_steps_;
    wall_was_set_ = !off();
}

}  // namespace hearth::simulation
