#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigv4/sha256.hpp"

namespace hearth::sigv4 {

// The keys that were derived last, by the hash of the secret and a name. The one that was not asked
// for the longest goes first. Safe from any thread.
template <class Key>
class Recent {
  public:
    explicit Recent(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

    std::optional<Key> find(const Digest& secret, std::string_view name) {
        const std::scoped_lock lock(mutex_);
        const auto entry = place(secret, name);
        if (entry == entries_.end()) return {};
        entry->used = ++turn_;
        return entry->key;
    }

    void keep(const Digest& secret, std::string_view name, const Key& key) {
        const std::scoped_lock lock(mutex_);
        if (place(secret, name) != entries_.end()) return;
        if (entries_.size() == capacity_)
            entries_.erase(std::ranges::min_element(entries_, {}, &Entry::used));
        entries_.push_back({secret, std::string(name), ++turn_, key});
    }

    void forget() noexcept {
        const std::scoped_lock lock(mutex_);
        entries_.clear();
    }

    std::size_t size() {
        const std::scoped_lock lock(mutex_);
        return entries_.size();
    }

  private:
    struct Entry {
        Digest secret{};
        std::string name;
        std::uint64_t used = 0;
        Key key;
    };

    auto place(const Digest& secret, std::string_view name) {
        return std::ranges::find_if(entries_, [&](const Entry& entry) {
            return entry.secret == secret && entry.name == name;
        });
    }

    std::mutex mutex_;
    std::vector<Entry> entries_;
    std::uint64_t turn_ = 0;
    std::size_t capacity_;
};

}  // namespace hearth::sigv4
