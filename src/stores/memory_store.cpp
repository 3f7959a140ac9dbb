#include "stores/memory_store.hpp"

#include "core/try.hpp"

namespace hearth::stores {

StoreResult<> MemoryStore::open() const {
    if (!locked_) return {};
    return std::unexpected(StoreError{
        Fault::locked, {Remedy::store_locked, "the sessions are locked", "hearth agent unlock"}});
}

StoreResult<std::optional<Secret>> MemoryStore::load(const SessionId& id) {
    const std::scoped_lock guard(mutex_);
    HEARTH_CHECK(open());
    const auto found = documents_.find(id);
    if (found == documents_.end()) return std::nullopt;
    return found->second.clone();
}

StoreResult<> MemoryStore::save(const SessionId& id, const Secret& document) {
    const std::scoped_lock guard(mutex_);
    HEARTH_CHECK(open());
    documents_.insert_or_assign(id, document.clone());
    return {};
}

StoreResult<> MemoryStore::erase(const SessionId& id) {
    const std::scoped_lock guard(mutex_);
    HEARTH_CHECK(open());
    documents_.erase(id);
    return {};
}

StoreResult<std::vector<SessionId>> MemoryStore::list() {
    const std::scoped_lock guard(mutex_);
    HEARTH_CHECK(open());
    std::vector<SessionId> ids;
    ids.reserve(documents_.size());
    for (const auto& [id, document] : documents_) ids.push_back(id);
    return ids;
}

StoreResult<> MemoryStore::probe() {
    const std::scoped_lock guard(mutex_);
    return open();
}

StoreResult<> MemoryStore::unlock(const Secret& /*passphrase*/) {
    const std::scoped_lock guard(mutex_);
    locked_ = false;
    return {};
}

void MemoryStore::lock() {
    const std::scoped_lock guard(mutex_);
    locked_ = true;
}

std::string MemoryStore::describe() const { return "memory of this process"; }

}  // namespace hearth::stores
