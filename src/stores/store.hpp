// Port: where sessions rest. A store keeps opaque documents by name; what is in them is the session
// codec's business.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/name.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::stores {

enum class Fault : std::uint8_t {
    locked,       // There is a store, and it has to be unlocked first.
    unavailable,  // No keychain, no bus, no such folder.
    timed_out,    // It did not answer in time.
    damaged,      // What was read is not what was written: a seal that does not fit.
    full,         // No space, or a quota.
};

struct StoreError {
    Fault fault = Fault::unavailable;
    // Remedy::store_locked for locked, unavailable and timed_out; Remedy::refused for what a newer
    // hearth wrote; Remedy::failed otherwise.
    Error error;
};

// The hint of what `unlock` opens, and of nothing else.
constexpr const char* unlock_hint = "hearth agent unlock";

template <class T = void>
using StoreResult = std::expected<T, StoreError>;

// Safe from any thread. Every call returns within the store's time limit. Nothing here prompts,
// except `unlock`.
class Store {
  public:
    virtual ~Store() = default;
    // An absent document is an empty optional; a locked or dead store is an error, never "absent".
    virtual StoreResult<std::optional<Secret>> load(const SessionId& id) = 0;
    // All or nothing: after a crash either the old document or the new one is there.
    virtual StoreResult<> save(const SessionId& id, const Secret& document) = 0;
    virtual StoreResult<> erase(const SessionId& id) = 0;
    virtual StoreResult<std::vector<SessionId>> list() = 0;
    // Whether a document could be written now, without writing one.
    virtual StoreResult<> probe() = 0;
    // Opens a locked store. The sealed file takes its passphrase here; the keychain shows the
    // desktop's own prompt and takes none. `lock` forgets what opened it.
    virtual StoreResult<> unlock(const Secret& passphrase) = 0;
    virtual void lock() = 0;
    // For people: "Secret Service, collection login" or "sealed file below /home/…".
    [[nodiscard]] virtual std::string describe() const = 0;
};

}  // namespace hearth::stores
