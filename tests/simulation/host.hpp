// A machine: its clocks, its boots, its sleep, and the installation of hearth on it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/settings.hpp"
#include "simulation/installation.hpp"
#include "simulation/scene.hpp"

namespace hearth::simulation {

class Host final : public Clock {
  public:
    Host(Scene& scene, int number);

    [[nodiscard]] Moment now() const override;
    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    // Happens on this machine: not while it sleeps, but as soon as it wakes.
    void in(Span span, Timeline::Task task);
    void suspend();
    void wake();
    [[nodiscard]] bool asleep() const noexcept { return asleep_; }
    // The processes are dead already.
    void reboot(Span off);
    [[nodiscard]] bool off() const noexcept { return scene_.timeline.now() < booted_at_; }
    void step_wall(Span span);
    [[nodiscard]] int wall_steps() const noexcept { return wall_steps_; }
    // Since the machine was booted, so that a process may have believed it before.
    [[nodiscard]] bool wall_was_set() const noexcept { return wall_was_set_; }

    Installation installation;
    Settings settings;
    // By process: who wants to know when a journal was written.
    std::map<int, std::function<void(const std::string& session)>> watchers;
    void tell_watchers(const std::string& session) {
        for (const auto& [process, tell] : watchers) tell(session);
    }
    Span offline_until{};          // No network until then.
    std::string person = "alice";  // Who is signed in at the provider, in this machine's browser.

  private:
    Scene& scene_;
    int number_;
    std::string name_;
    Span booted_at_{};
    Span wall_offset_{};
    BootId boot_id_;
    bool asleep_ = false;
    int wall_steps_ = 0;
    bool wall_was_set_ = false;
    std::vector<Timeline::Task> postponed_;
};

}  // namespace hearth::simulation
