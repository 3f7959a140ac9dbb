#include "stores/sealed_document.hpp"

#include "core/try.hpp"

namespace hearth::stores {
namespace {

constexpr std::string_view magic = "HEARTH-SEALED";
constexpr std::size_t key_id_size = 16;
constexpr std::size_t header_size = magic.size() + 2 + key_id_size;

std::string header_of(const StoreKey& key) {
    std::string header(magic);
    header += static_cast<char>(sealed_format >> 8U);
    header += static_cast<char>(sealed_format & 0xFFU);
    return header + key.id;
}

std::uint16_t format_of(std::string_view bytes) {
    const auto high = static_cast<unsigned char>(bytes[magic.size()]);
    const auto low = static_cast<unsigned char>(bytes[magic.size() + 1]);
    return static_cast<std::uint16_t>((static_cast<unsigned>(high) << 8U) | low);
}

StoreError damaged(const std::string& path, const std::string& how) {
    return {Fault::damaged,
            {Remedy::failed, path + " is damaged: " + how,
             "put it back from a backup, or sign in again"}};
}

}  // namespace

std::string seal_document(const StoreKey& key, const SessionId& id, const Secret& document,
                          Random& random) {
    const auto header = header_of(key);
    return header + sealed(key.key, document.reveal(), header + id.text(), random);
}

StoreResult<> check_format(std::string_view bytes, const std::string& path) {
    if (bytes.size() < magic.size() + 2 || !bytes.starts_with(magic)) return {};
    if (format_of(bytes) <= sealed_format) return {};
    return std::unexpected(newer_format(path, format_of(bytes)));
}

StoreResult<Secret> open_document(const StoreKey& key, const SessionId& id, std::string_view bytes,
                                  const std::string& path) {
    HEARTH_CHECK(check_format(bytes, path));
    if (bytes.size() < header_size + seal_overhead || !bytes.starts_with(magic)) {
        return std::unexpected(damaged(path, "it is not a whole sealed file"));
    }
    const auto header = bytes.substr(0, header_size);
    if (!header.ends_with(key.id)) {
        return std::unexpected(damaged(path, "it was sealed with a key that is not in key.json"));
    }
    auto document = unsealed(key.key, bytes.substr(header_size), std::string(header) + id.text());
    if (!document) return std::unexpected(damaged(path, "its seal does not fit"));
    return std::move(*document);
}

}  // namespace hearth::stores
