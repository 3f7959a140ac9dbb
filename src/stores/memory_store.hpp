#pragma once

#include <map>
#include <mutex>

#include "stores/store.hpp"

namespace hearth::stores {

// Sessions that end with the process.
class MemoryStore : public Store {
  public:
    StoreResult<std::optional<Secret>> load(const SessionId& id) override;
    StoreResult<> save(const SessionId& id, const Secret& document) override;
    StoreResult<> erase(const SessionId& id) override;
    StoreResult<std::vector<SessionId>> list() override;
    StoreResult<> probe() override;
    // Needs no passphrase: what is here was never sealed, it was only put out of reach.
    StoreResult<> unlock(const Secret& passphrase) override;
    void lock() override;
    [[nodiscard]] std::string describe() const override;

  private:
    [[nodiscard]] StoreResult<> open() const;

    std::mutex mutex_;
    std::map<SessionId, Secret> documents_;
    bool locked_ = false;
};

}  // namespace hearth::stores
