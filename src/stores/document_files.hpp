#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::stores {

// Port: files that are whole after a crash and private to the user. Safe from any thread and any
// process.
class DocumentFiles {
  public:
    virtual ~DocumentFiles() = default;
    virtual Result<> ensure_folder(const std::string& folder) = 0;
    // Empty when there is no such file; refuses more than `limit` bytes.
    virtual Result<std::optional<Secret>> read(const std::string& path, std::size_t limit) = 0;
    // As `read`, and refuses a file that anybody but its owner has access to.
    virtual Result<std::optional<Secret>> read_private(const std::string& path,
                                                       std::size_t limit) = 0;
    // Either the old content or the new one is there after a crash.
    virtual Result<> write(const std::string& path, std::string_view bytes) = 0;
    // Writes the whole file, 0600, unless there is one: then it answers false and changes nothing.
    virtual Result<bool> create(const std::string& path, std::string_view bytes) = 0;
    virtual Result<> remove(const std::string& path) = 0;
    // The names of the files in the folder; none when there is no folder.
    virtual Result<std::vector<std::string>> names(const std::string& folder) = 0;
    // Everything that is left to read there, at most `limit` bytes; closes the descriptor.
    virtual Result<Secret> drain(int descriptor, std::size_t limit) = 0;
};

}  // namespace hearth::stores
