// One sealed file: "HEARTH-SEALED", a format number, the key's id, then nonce, ciphertext and tag.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/name.hpp"
#include "core/random.hpp"
#include "stores/sealed_keys.hpp"

namespace hearth::stores {

constexpr std::uint16_t sealed_format = 1;

std::string seal_document(const StoreKey& key, const SessionId& id, const Secret& document,
                          Random& random);
// Fault::damaged, naming `path`, for anything but what `seal_document` made with this key for this
// session.
StoreResult<Secret> open_document(const StoreKey& key, const SessionId& id, std::string_view bytes,
                                  const std::string& path);
// Whether the bytes begin as a sealed file of a format that is not known here yet.
StoreResult<> check_format(std::string_view bytes, const std::string& path);

}  // namespace hearth::stores
