#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/time.hpp"
#include "stores/store.hpp"

namespace hearth::stores {

// Sessions as items of the desktop's default collection, by the Secret Service. Locking closes this
// store alone; the collection is everybody's and stays as it is.
class SecretServiceStore : public Store {
  public:
    struct Options {
        std::string installation;                 // Keeps apart the items of two state folders.
        Span timeout = std::chrono::seconds(10);  // For one call.
        Span prompt_timeout = std::chrono::minutes(2);  // For a person, in `unlock`.
        std::string bus_address;                        // Empty: the session bus of this process.
    };

    explicit SecretServiceStore(Options options);
    ~SecretServiceStore() override;

    StoreResult<std::optional<Secret>> load(const SessionId& id) override;
    StoreResult<> save(const SessionId& id, const Secret& document) override;
    StoreResult<> erase(const SessionId& id) override;
    StoreResult<std::vector<SessionId>> list() override;
    StoreResult<> probe() override;
    StoreResult<> unlock(const Secret& passphrase) override;
    void lock() override;
    [[nodiscard]] std::string describe() const override;

  private:
    struct Link;
    template <class T, class Use>
    StoreResult<T> ask(const Use& use);
    template <class T, class Use>
    StoreResult<T> ask(const std::shared_ptr<Link>& link, Span limit, const Use& use);
    [[nodiscard]] std::map<std::string, std::string> attributes() const;
    [[nodiscard]] std::map<std::string, std::string> attributes(const SessionId& id) const;

    Options options_;
    std::atomic<bool> locked_ = false;
    mutable std::mutex mutex_;  // Of the two below.
    std::shared_ptr<Link> link_;
    std::string collection_;
};

}  // namespace hearth::stores
