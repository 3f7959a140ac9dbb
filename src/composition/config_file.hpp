#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/settings.hpp"
#include "hearth/error.hpp"

namespace hearth::composition {

// config.toml on the disk: read, watched by its time stamp, and edited by one process at a time.
// Not thread-safe.
class ConfigFile {
  public:
    // `lock` is a file beside which editors queue; its folder is made where it is missing.
    ConfigFile(std::string path, std::string lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}

    // An absent file is empty settings. Remedy::usage, naming file, line and reason, when it is not
    // valid.
    Result<Settings> load();
    // Whether the file is another one than `load` read last.
    [[nodiscard]] bool changed() const;
    // Why the file as it is now cannot be used; absent when it can.
    [[nodiscard]] const std::optional<Error>& broken() const noexcept { return broken_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    [[nodiscard]] Result<std::string> text() const;
    using Change = std::function<Result<std::string>(std::string_view text)>;
    // Writes what `change` makes of the text, if that is valid, and loads it. All or nothing.
    Result<Settings> edit(const Change& change);

  private:
    struct Stamp {
        std::int64_t modified = -1;  // Nanoseconds; -1 where there is no file.
        std::int64_t size = 0;
        std::uint64_t inode = 0;
        bool operator==(const Stamp&) const = default;
    };
    [[nodiscard]] Stamp stamp() const;
    [[nodiscard]] Result<Settings> parsed(std::string_view text) const;

    std::string path_;
    std::string lock_;
    Stamp seen_;
    std::optional<Error> broken_;
};

}  // namespace hearth::composition
