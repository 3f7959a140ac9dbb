#include "stores/key_record.hpp"

#include "core/try.hpp"
#include "json/document.hpp"
#include "json/object_writer.hpp"

namespace hearth::stores {
namespace {

StoreError damaged(const std::string& path) {
    return {Fault::damaged,
            {Remedy::failed, path + " is damaged, and what it opens stays closed",
             "put it back from a backup; or move its folder away and sign in again"}};
}

}  // namespace

StoreError newer_format(const std::string& path, std::int64_t format) {
    return {Fault::damaged,
            {Remedy::refused,
             path + " is in format " + std::to_string(format) + ", which a newer hearth wrote",
             "install the newer hearth; nothing was overwritten"}};
}

std::string KeyRecord::context() const {
    return "hearth key " + std::to_string(format) + ' ' + key_id + ' ' + source + ' ' +
           std::to_string(stretch.operations) + ' ' + std::to_string(stretch.memory) + ' ' +
           to_base64(salt);
}

std::string KeyRecord::to_text() const {
    json::ObjectWriter writer;
    writer.number("format", format).text("key_id", key_id).text("source", source);
    writer.number("argon2id_operations", static_cast<std::int64_t>(stretch.operations));
    writer.number("argon2id_memory", static_cast<std::int64_t>(stretch.memory));
    writer.text("argon2id_salt", to_base64(salt)).text("wrapped_key", to_base64(wrapped));
    writer.text("checksum", to_base64(checksum(context() + wrapped)));
    return std::string(writer.take().reveal()) + '\n';
}

StoreResult<KeyRecord> KeyRecord::parse(const Secret& text, const std::string& path) {
    const auto document = json::Document::parse(text.reveal());
    if (!document) return std::unexpected(damaged(path));
    const auto format = document->number("format");
    if (!format || *format < 1) return std::unexpected(damaged(path));
    if (*format > newest_format) return std::unexpected(newer_format(path, *format));
    const auto operations = document->number("argon2id_operations");
    const auto memory = document->number("argon2id_memory");
    const auto salt = from_base64(document->text("argon2id_salt"));
    const auto wrapped = from_base64(document->text("wrapped_key"));
    const bool whole = operations && memory && *operations >= 0 && *memory >= 0 && salt && wrapped;
    if (!whole) return std::unexpected(damaged(path));
    KeyRecord record{
        .format = static_cast<int>(*format),
        .key_id = document->text("key_id"),
        .source = document->text("source"),
        .stretch = {static_cast<std::uint64_t>(*operations), static_cast<std::uint64_t>(*memory)},
        .salt = *salt,
        .wrapped = *wrapped};
    const auto sum = to_base64(checksum(record.context() + record.wrapped));
    if (sum != document->text("checksum")) return std::unexpected(damaged(path));
    return record;
}

}  // namespace hearth::stores
