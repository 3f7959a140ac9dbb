#pragma once

#include <string>

#include "core/random.hpp"
#include "stores/document_files.hpp"
#include "stores/sealed_keys.hpp"
#include "stores/store.hpp"

namespace hearth::stores {

// One sealed file per session, for machines without a keychain. What is sealed is bound to the
// session's name, so that a file does not open under another one.
class SealedFileStore : public Store {
  public:
    // `random`, `files` and a keychain in `source` outlive the store.
    SealedFileStore(std::string folder, KeySource source, Random& random, DocumentFiles& files);

    StoreResult<std::optional<Secret>> load(const SessionId& id) override;
    // Never over a file that a newer hearth wrote.
    StoreResult<> save(const SessionId& id, const Secret& document) override;
    StoreResult<> erase(const SessionId& id) override;
    StoreResult<std::vector<SessionId>> list() override;
    StoreResult<> probe() override;
    // The first passphrase makes the store's key; an empty one is refused.
    StoreResult<> unlock(const Secret& passphrase) override;
    void lock() override;
    [[nodiscard]] std::string describe() const override;
    // Whether a passphrase will open it, and nobody has chosen that yet.
    [[nodiscard]] bool awaits_first_passphrase() { return keys_.awaits_first_passphrase(); }

  private:
    [[nodiscard]] std::string path_of(const SessionId& id) const;
    StoreResult<std::optional<Secret>> read(const SessionId& id);
    StoreResult<> not_locked();

    std::string folder_;
    Random& random_;
    DocumentFiles& files_;
    SealedKeys keys_;
};

}  // namespace hearth::stores
