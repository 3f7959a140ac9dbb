#pragma once

#include <cstdint>
#include <string>

namespace hearth::agent {

// Notices that the running program's file was replaced by another one, as an upgrade does.
class OwnProgram {
  public:
    OwnProgram();
    // False as well when the file is merely gone: there is nothing newer to make room for.
    [[nodiscard]] bool replaced() const;

  private:
    std::string path_;
    std::uint64_t device_ = 0;
    std::uint64_t inode_ = 0;
};

}  // namespace hearth::agent
