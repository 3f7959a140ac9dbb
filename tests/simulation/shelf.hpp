// Locks, journals and the store as one process sees them: slow, failing, and shared with others.
#pragma once

#include <map>
#include <string>

#include "session/lock.hpp"
#include "simulation/process.hpp"
#include "stores/store.hpp"

namespace hearth::simulation {

class Shelf final : public session::Locks, public session::Journals, public stores::Store {
  public:
    Shelf(Process& process, Promises& promises);
    ~Shelf() override;

    // Locks
    Result<std::unique_ptr<session::HeldLock>> try_acquire(const SessionId& id) override;
    Result<std::unique_ptr<session::HeldLock>> try_acquire_sign_in(
        const ProfileName& profile) override;
    // Journals
    Result<session::Journal> read(const SessionId& id) override;
    Result<> write(const SessionId& id, const session::Journal& journal) override;
    Result<std::unique_ptr<Watch>> watch(std::function<void(SessionId)> changed) override;
    // Store
    stores::StoreResult<std::optional<Secret>> load(const SessionId& id) override;
    stores::StoreResult<> save(const SessionId& id, const Secret& document) override;
    stores::StoreResult<> erase(const SessionId& id) override;
    stores::StoreResult<std::vector<SessionId>> list() override { return std::vector<SessionId>{}; }
    stores::StoreResult<> probe() override;
    stores::StoreResult<> unlock(const Secret& passphrase) override;
    void lock() override { process_.locked_by_user = true; }
    [[nodiscard]] std::string describe() const override { return "a simulated store"; }

  private:
    class Watching;
    // Where a process dies, by what it is doing.
    static Reached crash_point(const Errand* errand, Reached keeping);
    [[nodiscard]] Place place(const SessionId& id) const;
    std::unique_ptr<session::HeldLock> wait_for(const std::string& lock, Span patience);
    [[nodiscard]] bool disk_full() const;
    std::optional<stores::StoreError> trouble(bool writing);
    void slow();
    void land(const SessionId& id, const std::string& document);
    void count_load(const SessionId& id);
    void count_write(const SessionId& id, const session::Journal& journal);
    Installation::Tenure* own_tenure(const SessionId& id);

    Process& process_;
    Promises& promises_;
    Scene& scene_;
    Installation& installation_;
};

}  // namespace hearth::simulation
