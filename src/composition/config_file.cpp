#include "composition/config_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "composition/lock_file.hpp"
#include "config/settings.hpp"
#include "core/descriptor.hpp"
#include "core/try.hpp"
#include "system/files.hpp"

namespace hearth::composition {
namespace {

// A hundred thousand profiles; more is a mistake, such as a link to something else.
constexpr std::size_t size_limit = 64UL * 1024 * 1024;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

ConfigFile::Stamp ConfigFile::stamp() const {
    struct stat status{};
    if (::stat(path_.c_str(), &status) != 0) return {};
    return {.modified = (status.st_mtim.tv_sec * 1'000'000'000) + status.st_mtim.tv_nsec,
            .size = status.st_size,
            .inode = status.st_ino};
}

bool ConfigFile::changed() const { return stamp() != seen_; }

Result<std::string> ConfigFile::text() const {
    // People link their configuration from elsewhere; what is linked is read.
    struct stat status{};
    if (::stat(path_.c_str(), &status) != 0 && errno == ENOENT) return std::string();
    // O_NONBLOCK: a named pipe in the file's place must not keep the loop waiting for a writer.
    const Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.open()) return std::unexpected(system_error("read " + path_));
    if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return std::unexpected(Error{Remedy::usage, path_ + " is not a file", "move it away"});
    }
    std::string text;
    std::array<char, 16UL * 1024> piece{};
    while (true) {
        const auto got = ::read(file.number(), piece.data(), piece.size());
        if (got < 0) return std::unexpected(system_error("read " + path_));
        if (got == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > size_limit) {
            return std::unexpected(Error{Remedy::usage, path_ + " is longer than 64 MiB", ""});
        }
    }
}

Result<Settings> ConfigFile::parsed(std::string_view text) const {
    return config::parse_settings(text, path_);
}

Result<Settings> ConfigFile::load() {
    seen_ = stamp();
    broken_.reset();
    const auto text = this->text();
    auto settings = text ? parsed(*text) : Result<Settings>(std::unexpected(text.error()));
    if (!settings) broken_ = settings.error();
    return settings;
}

Result<Settings> ConfigFile::edit(const Change& change) {
    const auto held = HEARTH_TRY(hold_lock_file(lock_));
    const auto before = HEARTH_TRY(text());
    const auto after = HEARTH_TRY(change(before));
    HEARTH_TRY(parsed(after));
    HEARTH_CHECK(system::ensure_private_folder(folder_of(path_)));
    HEARTH_CHECK(system::atomic_write(path_, after));
    return load();
}

}  // namespace hearth::composition
