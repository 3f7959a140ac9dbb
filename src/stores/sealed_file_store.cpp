#include "stores/sealed_file_store.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "stores/sealed_document.hpp"

namespace hearth::stores {
namespace {

constexpr std::size_t document_limit = 4UL * 1024 * 1024;
constexpr std::string_view suffix = ".sealed";

StoreError unavailable(Error error) {
    error.remedy = Remedy::store_locked;
    return {Fault::unavailable, std::move(error)};
}

StoreResult<> done(Result<> result) {
    if (!result) return std::unexpected(unavailable(std::move(result).error()));
    return {};
}

}  // namespace

SealedFileStore::SealedFileStore(std::string folder, KeySource source, Random& random,
                                 DocumentFiles& files)
    : folder_(std::move(folder)),
      random_(random),
      files_(files),
      keys_(folder_, std::move(source), random, files) {}

std::string SealedFileStore::path_of(const SessionId& id) const {
    return folder_ + '/' + id.text() + std::string(suffix);
}

StoreResult<> SealedFileStore::not_locked() {
    if (!keys_.locked()) return {};
    return std::unexpected(StoreError{
        Fault::locked, {Remedy::store_locked, "the sealed store is locked", unlock_hint}});
}

StoreResult<std::optional<Secret>> SealedFileStore::read(const SessionId& id) {
    auto bytes = files_.read(path_of(id), document_limit);
    if (!bytes) return std::unexpected(unavailable(std::move(bytes).error()));
    return std::move(*bytes);
}

StoreResult<std::optional<Secret>> SealedFileStore::load(const SessionId& id) {
    HEARTH_CHECK(not_locked());
    const auto bytes = HEARTH_TRY(read(id));
    // That a file is not there is true whether or not the store is open.
    if (!bytes) return std::nullopt;
    const auto key = HEARTH_TRY(keys_.current(SealedKeys::Absent::is_an_error));
    return HEARTH_TRY(open_document(*key, id, bytes->reveal(), path_of(id)));
}

StoreResult<> SealedFileStore::save(const SessionId& id, const Secret& document) {
    if (document.size() > document_limit - 1024) {
        return std::unexpected(
            StoreError{Fault::full, {Remedy::failed, "the session is too long to be stored", ""}});
    }
    const auto key = HEARTH_TRY(keys_.current(SealedKeys::Absent::is_made));
    if (const auto old = HEARTH_TRY(read(id))) {
        HEARTH_CHECK(check_format(old->reveal(), path_of(id)));
    }
    return done(files_.write(path_of(id), seal_document(*key, id, document, random_)));
}

StoreResult<> SealedFileStore::erase(const SessionId& id) {
    HEARTH_CHECK(not_locked());
    return done(files_.remove(path_of(id)));
}

StoreResult<std::vector<SessionId>> SealedFileStore::list() {
    HEARTH_CHECK(not_locked());
    auto names = files_.names(folder_);
    if (!names) return std::unexpected(unavailable(std::move(names).error()));
    std::vector<SessionId> ids;
    for (const std::string_view name : *names) {
        if (!name.ends_with(suffix)) continue;
        auto id = Name::parse(name.substr(0, name.size() - suffix.size()));
        if (id) ids.push_back(std::move(*id));
    }
    std::ranges::sort(ids);
    return ids;
}

StoreResult<> SealedFileStore::probe() {
    HEARTH_TRY(keys_.current(SealedKeys::Absent::is_made));
    // The only proof that a file system can be written to is a write.
    const auto path = folder_ + "/write-test";
    HEARTH_CHECK(done(files_.write(path, "Whether this folder can be written to.\n")));
    return done(files_.remove(path));
}

StoreResult<> SealedFileStore::unlock(const Secret& passphrase) { return keys_.unlock(passphrase); }

void SealedFileStore::lock() { keys_.lock(); }

std::string SealedFileStore::describe() const {
    return "sealed files below " + folder_ + ", key from " + std::string(keys_.source());
}

}  // namespace hearth::stores
