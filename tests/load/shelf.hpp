#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "session/lock.hpp"
#include "stores/store.hpp"

namespace hearth::load {

// Store, locks and journals of one machine, in maps.
class Shelf : public stores::Store, public session::Locks, public session::Journals {
  public:
    stores::StoreResult<std::optional<Secret>> load(const SessionId& id) override {
        const auto found = documents_.find(id);
        if (found == documents_.end()) return std::optional<Secret>();
        return std::optional<Secret>(Secret(found->second));
    }
    void put(const SessionId& id, const Secret& document) { documents_[id] = document.reveal(); }
    stores::StoreResult<> save(const SessionId& id, const Secret& document) override {
        put(id, document);
        return {};
    }
    stores::StoreResult<> erase(const SessionId& id) override {
        documents_.erase(id);
        return {};
    }
    stores::StoreResult<std::vector<SessionId>> list() override { return std::vector<SessionId>(); }
    stores::StoreResult<> probe() override { return {}; }
    stores::StoreResult<> unlock(const Secret& /*passphrase*/) override { return {}; }
    void lock() override {}
    [[nodiscard]] std::string describe() const override { return "a map"; }

    Result<std::unique_ptr<session::HeldLock>> try_acquire(const SessionId& id) override {
        if (!held_.insert(id).second) return std::unique_ptr<session::HeldLock>();
        return std::make_unique<Held>(held_, id);
    }
    Result<std::unique_ptr<session::HeldLock>> try_acquire_sign_in(
        const ProfileName& /*profile*/) override {
        return std::unique_ptr<session::HeldLock>();
    }

    Result<session::Journal> read(const SessionId& id) override { return journals_[id]; }
    Result<> write(const SessionId& id, const session::Journal& journal) override {
        journals_[id] = journal;
        if (changed_) changed_(id);
        return {};
    }
    Result<std::unique_ptr<Watch>> watch(std::function<void(SessionId)> changed) override {
        changed_ = std::move(changed);
        return std::make_unique<Watch>();
    }

  private:
    class Held : public session::HeldLock {
      public:
        Held(std::unordered_set<SessionId>& held, SessionId id) : held_(held), id_(std::move(id)) {}
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;
        ~Held() override { held_.erase(id_); }

      private:
        std::unordered_set<SessionId>& held_;
        SessionId id_;
    };

    std::unordered_map<SessionId, std::string> documents_;
    std::unordered_map<SessionId, session::Journal> journals_;
    std::unordered_set<SessionId> held_;
    std::function<void(SessionId)> changed_;
};

}  // namespace hearth::load
