// One simulated world: machines, the processes on them, a provider, and those who use it all.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "simulation/callers.hpp"
#include "simulation/host.hpp"
#include "simulation/issuer.hpp"
#include "simulation/process.hpp"
#include "simulation/promises.hpp"

namespace hearth::simulation {

class World {
  public:
    explicit World(Scene& scene);
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    enum class Keeps : bool { no, yes };
    // Null while the machine is off or asleep.
    std::shared_ptr<Process> start(Host& host, const std::string& role, Keeps keeps);
    void kill(Process& process);
    // Leaves as soon as nothing must not be interrupted; after a while it leaves all the same.
    void stop(Process& process, int patience = 40);

    void sign_in(Process& process, const ProfileName& profile, bool may_switch, bool with_key);
    void sign_out(Process& process, const ProfileName& profile);

    // Alive, on machines that are awake.
    [[nodiscard]] std::vector<Process*> processes();
    [[nodiscard]] std::vector<Process*> agents(const Host& host);
    [[nodiscard]] const std::vector<std::unique_ptr<Host>>& hosts() const noexcept {
        return hosts_;
    }
    [[nodiscard]] Callers& callers() noexcept { return callers_; }
    [[nodiscard]] Issuer& issuer() noexcept { return issuer_; }
    [[nodiscard]] Ledgers& ledgers() noexcept { return ledgers_; }
    [[nodiscard]] Promises& promises() noexcept { return promises_; }
    [[nodiscard]] Scene& scene() noexcept { return scene_; }
    [[nodiscard]] std::uint64_t crashes() const noexcept { return crashes_; }

  private:
    void furnish(Host& host);
    void bury();

    Scene& scene_;
    Issuer issuer_;
    Ledgers ledgers_;
    Witness witness_{scene_, issuer_, ledgers_};
    Promises promises_{witness_};
    Callers callers_{witness_, promises_};
    std::vector<std::unique_ptr<Host>> hosts_;
    struct Running {
        std::shared_ptr<Process> process;
        bool keeps = false;
    };
    std::vector<Running> running_;
    int next_process_ = 1;
    std::uint64_t crashes_ = 0;
};

// What the settings of a simulated machine are drawn from.
std::shared_ptr<const Profile> draw_profile(Dice& dice, const std::string& name,
                                            const std::string& session);

}  // namespace hearth::simulation
