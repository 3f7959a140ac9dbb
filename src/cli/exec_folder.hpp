#pragma once

#include <string>

#include "core/descriptor.hpp"
#include "core/places.hpp"
#include "hearth/error.hpp"

namespace hearth::cli {

// An empty folder that only the user can enter, in the runtime folder, for one command; what the
// command leaves there goes with it. Those of processes that were killed are removed by the next.
class ExecFolder {
  public:
    static Result<ExecFolder> make(const Environment& environment);
    ExecFolder(ExecFolder&& other) noexcept = default;
    ExecFolder& operator=(ExecFolder&&) = delete;
    ExecFolder(const ExecFolder&) = delete;
    ExecFolder& operator=(const ExecFolder&) = delete;
    ~ExecFolder();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    ExecFolder(std::string path, Descriptor lock) noexcept
        : path_(std::move(path)), lock_(std::move(lock)) {}

    std::string path_;
    Descriptor lock_;  // Says that its process lives; closed where this was moved from.
};

}  // namespace hearth::cli
