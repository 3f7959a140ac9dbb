#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::composition {

// A file as it stands now, in locked memory; absent where there is none. A symbolic link is
// followed. Remedy::failed, "PATH cannot be read: …" or "PATH is too long for one", for what is no
// file, cannot be read or holds more than `limit` bytes; without a hint.
Result<std::optional<Secret>> whole_file(const std::string& path, std::size_t limit);

// Another one once the file has changed, without reading it; empty where there is none.
std::string file_stamp(const std::string& path);

}  // namespace hearth::composition
