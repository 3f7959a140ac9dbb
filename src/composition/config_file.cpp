#include "composition/config_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>

#include "config/settings.hpp"
#include "core/try.hpp"
#include "system/descriptor.hpp"
#include "system/files.hpp"

namespace hearth::composition {
namespace {

// A hundred thousand profiles; more is a mistake, such as a link to something else.
constexpr std::size_t size_limit = 64UL * 1024 * 1024;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Held until dropped. Editing takes a moment, so whoever comes second waits.
Result<system::Descriptor> lock(const std::string& path) {
    HEARTH_CHECK(system::ensure_private_folder(folder_of(path)));
    system::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.open() || ::flock(file.number(), LOCK_EX) != 0) {
        return std::unexpected(system::system_error("lock " + path));
    }
    return file;
}

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
    const system::Descriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) return std::unexpected(system::system_error("read " + path_));
    std::string text;
    std::array<char, 16UL * 1024> piece{};
    while (true) {
        const auto got = ::read(file.number(), piece.data(), piece.size());
        if (got < 0) return std::unexpected(system::system_error("read " + path_));
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
    const auto held = HEARTH_TRY(lock(lock_));
    const auto before = HEARTH_TRY(text());
    const auto after = HEARTH_TRY(change(before));
    HEARTH_TRY(parsed(after));
    HEARTH_CHECK(system::ensure_private_folder(folder_of(path_)));
    HEARTH_CHECK(system::atomic_write(path_, after));
    return load();
}

}  // namespace hearth::composition
