#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth::system {

// Tells of every file that is renamed into a folder, as atomic_write does, by whichever process.
// Every file there counts as changed when the system lost events or the folder was replaced.
class FolderWatch {
  public:
    // `changed` gets the file's name, on a thread of the watch's own, from before this returns
    // until the destructor has returned. It must not destroy the watch.
    static Result<std::unique_ptr<FolderWatch>> open(
        const std::string& folder, std::function<void(std::string_view file)> changed);
    virtual ~FolderWatch() = default;
};

}  // namespace hearth::system
