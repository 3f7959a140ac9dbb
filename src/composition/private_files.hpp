#pragma once

#include "stores/document_files.hpp"

namespace hearth::composition {

// The sealed store's files on the disk.
class PrivateFiles : public stores::DocumentFiles {
  public:
    Result<> ensure_folder(const std::string& folder) override;
    Result<std::optional<Secret>> read(const std::string& path, std::size_t limit) override;
    Result<std::optional<Secret>> read_private(const std::string& path, std::size_t limit) override;
    Result<> write(const std::string& path, std::string_view bytes) override;
    Result<bool> create(const std::string& path, std::string_view bytes) override;
    Result<> remove(const std::string& path) override;
    Result<std::vector<std::string>> names(const std::string& folder) override;
    Result<Secret> drain(int descriptor, std::size_t limit) override;
};

}  // namespace hearth::composition
