#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/random.hpp"
#include "stores/document_files.hpp"
#include "stores/key_record.hpp"
#include "stores/key_source.hpp"

namespace hearth::stores {

// The key that the files of one folder are sealed with.
struct StoreKey {
    Secret key;
    std::string id;
};
using StoreKeyPtr = std::shared_ptr<const StoreKey>;

// Comes by the folder's key, keeps it while it is unlocked, and makes the first one. Safe from any
// thread; processes that make the first key at the same time end with the same one.
class SealedKeys {
  public:
    enum class Absent : std::uint8_t { is_an_error, is_made };

    SealedKeys(std::string folder, KeySource source, Random& random, DocumentFiles& files);

    // Opens the store where its source needs no person, unless it was locked on purpose: then
    // Fault::locked.
    StoreResult<StoreKeyPtr> current(Absent absent);
    StoreResult<> unlock(const Secret& passphrase);
    void lock();
    [[nodiscard]] bool locked();
    // Whether a passphrase will open it, and nobody has chosen that yet.
    [[nodiscard]] bool awaits_first_passphrase();
    [[nodiscard]] std::string_view source() const noexcept { return name_of(source_); }

  private:
    // What is remembered; reachable under `mutex_` only.
    struct Memory {
        StoreKeyPtr key;
        bool locked_on_purpose = false;
        std::uint64_t locks = 0;
    };

    StoreResult<StoreKeyPtr> open(Absent absent, const Secret* passphrase);
    StoreResult<StoreKey> obtain(Absent absent, const Secret* passphrase);
    StoreResult<StoreKey> unwrap(const KeyRecord& record, const Secret* passphrase);
    StoreResult<StoreKey> make(const Secret* passphrase);
    StoreResult<Secret> wrapping_key(const KeyRecord& record, const Secret* passphrase);
    StoreResult<Secret> first_wrapping_key(KeyRecord& record, const Secret* passphrase);
    static StoreResult<Secret> from_passphrase(const KeyRecord& record, const Secret* passphrase);
    StoreResult<Secret> from_key_file(const KeyFileSource& source);
    StoreResult<Secret> from_descriptor(DescriptorSource& source);
    StoreResult<Secret> from_keychain(const KeychainSource& source, const KeyRecord& record);
    [[nodiscard]] StoreError does_not_fit(const KeyRecord& record) const;

    std::string folder_;
    std::string path_;
    KeySource source_;
    Random& random_;
    DocumentFiles& files_;

    std::mutex opening_;  // One opens at a time; the others wait for its key.
    std::mutex mutex_;
    Memory memory_;
};

}  // namespace hearth::stores
