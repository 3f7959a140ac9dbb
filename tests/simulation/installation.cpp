#include "simulation/installation.hpp"

#include <utility>

namespace hearth::simulation {

class Installation::Lock final : public session::HeldLock {
  public:
    Lock(Installation& installation, std::string name, std::uint64_t number)
        : installation_(installation), name_(std::move(name)), number_(number) {}
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() override {
        auto& scene = installation_.scene_;
        if (scene.plant == Plant::lock_never_given_back && scene.dice.chance(0.1)) return;
        auto* const tenure = installation_.held(name_);
        if (tenure != nullptr && tenure->number == number_) installation_.held_.erase(name_);
    }

  private:
    Installation& installation_;
    std::string name_;
    std::uint64_t number_;
};

std::unique_ptr<session::HeldLock> Installation::take(const std::string& lock, int process,
                                                      bool by_keeper) {
    if (held_.contains(lock) && scene_.plant != Plant::lock_excludes_nobody) return nullptr;
    auto& tenure = held_[lock];
    tenure = Tenure{.number = next_++,
                    .process = process,
                    .by_keeper = by_keeper,
                    .taken_at = scene_.timeline.now(),
                    .sent = {}};
    return std::make_unique<Lock>(*this, lock, tenure.number);
}

Installation::Tenure* Installation::held(const std::string& lock) {
    const auto found = held_.find(lock);
    return found == held_.end() ? nullptr : &found->second;
}

void Installation::free_locks_of(int process) {
    std::erase_if(held_, [&](const auto& one) { return one.second.process == process; });
}

}  // namespace hearth::simulation
