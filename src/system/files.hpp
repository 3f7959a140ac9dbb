// Files that hold sessions and journals: private, and whole after a crash.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::system {

// Makes the folder, and those above it that are missing, with mode 0700. Refuses a folder that is a
// symbolic link or that somebody else owns; takes the access of others away from one that is there.
// Remedy::failed, naming path and reason, as do all of these.
Result<> ensure_private_folder(const std::string& path);

// Either the old content or the new one is there after a crash: temporary file beside it, fsync,
// rename, fsync of the folder. Nobody reads a half-written file. Leaves no temporary file behind
// when it fails.
Result<> atomic_write(const std::string& path, std::string_view bytes, unsigned mode = 0600);

// Empty when there is no such file. Refuses a symbolic link, what is not a regular file, and more
// than `limit` bytes.
Result<std::optional<Secret>> read_secret_file(const std::string& path, std::size_t limit);

// Removes the file durably; one that is not there is fine.
Result<> remove_file(const std::string& path);

// Makes what was created, renamed or removed in the folder survive a power cut.
Result<> sync_folder(const std::string& path);

}  // namespace hearth::system
