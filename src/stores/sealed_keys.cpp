#include "stores/sealed_keys.hpp"

#include <tuple>
#include <utility>

#include "core/try.hpp"

namespace hearth::stores {
namespace {

constexpr std::size_t record_limit = 64UL * 1024;
constexpr std::size_t key_limit = 4096;

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

StoreError closed(std::string what) {
    return {Fault::locked, {Remedy::store_locked, std::move(what), unlock_hint}};
}
StoreError no_passphrase_yet() {
    return {Fault::locked,
            {Remedy::store_locked, "the sealed store has no passphrase yet",
             "choose one by hearth agent unlock; or use a key file: hearth config set "
             "store.key_file PATH"}};
}
StoreError unavailable(std::string what, std::string hint) {
    return {Fault::unavailable, {Remedy::store_locked, std::move(what), std::move(hint)}};
}
StoreError unavailable(Error error) {
    error.remedy = Remedy::store_locked;
    return {Fault::unavailable, std::move(error)};
}

StoreResult<Secret> parsed(const Secret& text, const std::string& where) {
    auto key = parse_key(text);
    if (key) return std::move(*key);
    return std::unexpected(unavailable("there is no key in " + where,
                                       "32 bytes, raw or in hexadecimal or base64: head -c 32 "
                                       "/dev/urandom | base64"));
}

// No profile and no session may have such a name; `config` refuses it.
Result<SessionId> keychain_name(const KeyRecord& record) {
    return Name::parse("hearth.key-" + record.key_id);
}

}  // namespace

std::string_view name_of(const KeySource& source) noexcept {
    return std::visit(Overloaded{[](const PassphraseSource&) { return "passphrase"; },
                                 [](const KeyFileSource&) { return "key_file"; },
                                 [](const DescriptorSource&) { return "key_fd"; },
                                 [](const KeychainSource&) { return "keychain"; }},
                      source);
}

SealedKeys::SealedKeys(std::string folder, KeySource source, Random& random, DocumentFiles& files)
    : folder_(std::move(folder)),
      path_(folder_ + "/key.json"),
      source_(std::move(source)),
      random_(random),
      files_(files) {}

StoreResult<StoreKeyPtr> SealedKeys::current(Absent absent) {
    {
        const std::scoped_lock guard(mutex_);
        if (memory_.key) return memory_.key;
        if (memory_.locked_on_purpose) return std::unexpected(closed("the sealed store is locked"));
    }
    return open(absent, nullptr);
}

StoreResult<> SealedKeys::unlock(const Secret& passphrase) {
    HEARTH_TRY(open(Absent::is_made, &passphrase));
    return {};
}

void SealedKeys::lock() {
    const std::scoped_lock guard(mutex_);
    memory_.key = nullptr;
    memory_.locked_on_purpose = true;
    ++memory_.locks;
}

bool SealedKeys::locked() {
    const std::scoped_lock guard(mutex_);
    return memory_.locked_on_purpose;
}

bool SealedKeys::awaits_first_passphrase() {
    if (!std::holds_alternative<PassphraseSource>(source_)) return false;
    const auto text = files_.read(path_, record_limit);
    return text && !*text;
}

StoreResult<StoreKeyPtr> SealedKeys::open(Absent absent, const Secret* passphrase) {
    const std::scoped_lock turn(opening_);
    std::uint64_t locks = 0;
    {
        const std::scoped_lock guard(mutex_);
        // A passphrase is tried even where it is not needed, so that a wrong one is never said to
        // fit.
        const bool to_try =
            passphrase != nullptr && std::holds_alternative<PassphraseSource>(source_);
        if (memory_.key && !to_try) return memory_.key;
        locks = memory_.locks;
    }
    auto key = std::make_shared<const StoreKey>(HEARTH_TRY(obtain(absent, passphrase)));
    const std::scoped_lock guard(mutex_);
    if (memory_.locks != locks) return std::unexpected(closed("the sealed store was locked again"));
    memory_.key = key;
    memory_.locked_on_purpose = false;
    return key;
}

StoreResult<StoreKey> SealedKeys::obtain(Absent absent, const Secret* passphrase) {
    const auto text = files_.read(path_, record_limit);
    if (!text) return std::unexpected(unavailable(text.error()));
    if (const auto& found = *text) {
        return unwrap(HEARTH_TRY(KeyRecord::parse(*found, path_)), passphrase);
    }
    if (absent == Absent::is_made) return make(passphrase);
    return std::unexpected(StoreError{
        Fault::damaged,
        {Remedy::failed, path_ + " is missing, and without it the sealed sessions stay closed",
         "put it back from a backup; or remove the sealed sessions and sign in again"}});
}

StoreResult<StoreKey> SealedKeys::unwrap(const KeyRecord& record, const Secret* passphrase) {
    if (record.source != source()) {
        return std::unexpected(unavailable("the sealed store was made with key_source = \"" +
                                               record.source + "\", and the settings say \"" +
                                               std::string(source()) + "\"",
                                           "set store.key_source to " + record.source));
    }
    const Secret wrapping = HEARTH_TRY(wrapping_key(record, passphrase));
    auto key = unsealed(wrapping, record.wrapped, record.context());
    if (!key || key->size() != seal_key_size) return std::unexpected(does_not_fit(record));
    return StoreKey{std::move(*key), record.key_id};
}

StoreError SealedKeys::does_not_fit(const KeyRecord& record) const {
    if (record.source == "passphrase") return closed("this is not the sealed store's passphrase");
    return unavailable(
        "the key from " + record.source + " is not the one that " + path_ + " was made with",
        "bring the old key back");
}

StoreResult<StoreKey> SealedKeys::make(const Secret* passphrase) {
    const bool chosen = passphrase != nullptr && !passphrase->empty();
    if (std::holds_alternative<PassphraseSource>(source_) && !chosen) {
        return std::unexpected(no_passphrase_yet());
    }
    if (const auto made = files_.ensure_folder(folder_); !made) {
        return std::unexpected(unavailable(made.error()));
    }
    KeyRecord record;
    record.key_id = random_.hex(8);
    record.source = source();
    const Secret wrapping = HEARTH_TRY(first_wrapping_key(record, passphrase));
    StoreKey made{random_key(random_), record.key_id};
    record.wrapped = sealed(wrapping, made.key.reveal(), record.context(), random_);
    const auto created = files_.create(path_, record.to_text());
    if (created && *created) return made;
    if (const auto* chain = std::get_if<KeychainSource>(&source_)) {
        // What could not be recorded opens nothing, so a failure to tidy up is harmless.
        if (const auto name = keychain_name(record)) std::ignore = chain->keychain->erase(*name);
    }
    if (!created) return std::unexpected(unavailable(created.error()));
    // Another process made one in the meantime: that one counts.
    const auto text = files_.read(path_, record_limit);
    if (!text) return std::unexpected(unavailable(text.error()));
    const auto& found = *text;
    if (!found) return std::unexpected(unavailable(path_ + " came and went", "try again"));
    return unwrap(HEARTH_TRY(KeyRecord::parse(*found, path_)), passphrase);
}

StoreResult<Secret> SealedKeys::wrapping_key(const KeyRecord& record, const Secret* passphrase) {
    return std::visit(
        Overloaded{[&](const PassphraseSource&) { return from_passphrase(record, passphrase); },
                   [&](const KeyFileSource& source) { return from_key_file(source); },
                   [&](DescriptorSource& source) { return from_descriptor(source); },
                   [&](const KeychainSource& source) { return from_keychain(source, record); }},
        source_);
}

StoreResult<Secret> SealedKeys::first_wrapping_key(KeyRecord& record, const Secret* passphrase) {
    if (std::holds_alternative<PassphraseSource>(source_)) {
        record.salt.resize(salt_size);
        random_.fill(std::as_writable_bytes(std::span(record.salt)));
    } else if (const auto* file = std::get_if<KeyFileSource>(&source_)) {
        const std::string text =
            to_base64(random_key(random_).reveal()) + '\n';  // Unused when there is a file.
        if (const auto made = files_.create(file->path, text); !made) {
            return std::unexpected(unavailable(made.error()));
        }
    } else if (const auto* chain = std::get_if<KeychainSource>(&source_)) {
        const auto name = keychain_name(record);
        if (!name) return std::unexpected(unavailable(name.error()));
        Secret key = random_key(random_);
        HEARTH_CHECK(chain->keychain->save(*name, key));
        return key;
    }
    return wrapping_key(record, passphrase);
}

StoreResult<Secret> SealedKeys::from_passphrase(const KeyRecord& record, const Secret* passphrase) {
    if (passphrase == nullptr) {
        return std::unexpected(closed("the sealed store is locked by a passphrase"));
    }
    if (passphrase->empty()) return std::unexpected(closed("an empty passphrase opens nothing"));
    auto key = stretched(*passphrase, record.salt, record.stretch);
    if (!key) return std::unexpected(StoreError{Fault::unavailable, key.error()});
    return std::move(*key);
}

StoreResult<Secret> SealedKeys::from_key_file(const KeyFileSource& source) {
    const auto text = files_.read_private(source.path, key_limit);
    if (!text) return std::unexpected(unavailable(text.error()));
    if (const auto& found = *text) return parsed(*found, source.path);
    return std::unexpected(unavailable(
        "the key file " + source.path + " is missing, and without it the sealed sessions below " +
            folder_ + " stay closed",
        "put it back; or move the folder away and sign in again"));
}

StoreResult<Secret> SealedKeys::from_descriptor(DescriptorSource& source) {
    if (source.descriptor < 0) {
        return std::unexpected(unavailable("the key's file descriptor was read before",
                                           "start this program again with the key"));
    }
    const auto text = files_.drain(std::exchange(source.descriptor, -1), key_limit);
    if (!text) return std::unexpected(unavailable(text.error()));
    return parsed(*text, "the file descriptor of store.key_fd");
}

StoreResult<Secret> SealedKeys::from_keychain(const KeychainSource& source,
                                              const KeyRecord& record) {
    const auto name = keychain_name(record);
    if (!name) return std::unexpected(unavailable(name.error()));
    auto key = HEARTH_TRY(source.keychain->load(*name));
    if (key) return std::move(*key);
    return std::unexpected(unavailable(
        "the keychain no longer has the key that opens the sealed sessions below " + folder_,
        "put it back; or move the folder away and sign in again"));
}

}  // namespace hearth::stores
