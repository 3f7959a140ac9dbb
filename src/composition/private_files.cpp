#include "composition/private_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/arena.hpp"
#include "core/descriptor.hpp"
#include "core/try.hpp"
#include "system/files.hpp"

namespace hearth::composition {
namespace {

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
}

Result<> write_all(int file, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return std::unexpected(system_error("write " + path));
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) != 0) return std::unexpected(system_error("write " + path));
    return {};
}

}  // namespace

Result<> PrivateFiles::ensure_folder(const std::string& folder) {
    return system::ensure_private_folder(folder);
}

Result<std::optional<Secret>> PrivateFiles::read(const std::string& path, std::size_t limit) {
    return system::read_secret_file(path, limit);
}

Result<std::optional<Secret>> PrivateFiles::read_private(const std::string& path,
                                                         std::size_t limit) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return std::unexpected(Error{Remedy::refused, path + " can be read or written by others",
                                     "chmod 600 " + path});
    }
    return system::read_secret_file(path, limit);
}

Result<> PrivateFiles::write(const std::string& path, std::string_view bytes) {
    return system::atomic_write(path, bytes);
}

Result<bool> PrivateFiles::create(const std::string& path, std::string_view bytes) {
    // Written beside it and then linked: whoever sees the name sees the whole file, and one of
    // several makers wins.
    std::string draft = path + ".XXXXXX";
    {
        const Descriptor file(::mkostemp(draft.data(), O_CLOEXEC));
        if (!file.open()) return std::unexpected(system_error("create " + path));
        auto written = write_all(file.number(), bytes, path);
        if (!written) {
            (void)::unlink(draft.c_str());
            return std::unexpected(std::move(written).error());
        }
    }
    const bool made = ::link(draft.c_str(), path.c_str()) == 0;
    const int code = errno;
    (void)::unlink(draft.c_str());
    if (!made && code != EEXIST) return std::unexpected(system_error("create " + path, code));
    HEARTH_CHECK(system::sync_folder(folder_of(path)));
    return made;
}

Result<> PrivateFiles::remove(const std::string& path) { return system::remove_file(path); }

Result<std::vector<std::string>> PrivateFiles::names(const std::string& folder) {
    std::error_code problem;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        names.push_back(entry->path().filename());
    }
    if (!problem || problem == std::errc::no_such_file_or_directory) return names;
    return std::unexpected(system_error("read " + folder, problem.value()));
}

Result<Secret> PrivateFiles::drain(int descriptor, std::size_t limit) {
    const Descriptor file(descriptor);
    SecretBuilder collected;
    std::array<char, 4096> piece{};
    while (true) {
        const auto size = ::read(descriptor, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) {
            return std::unexpected(system_error("read descriptor " + std::to_string(descriptor)));
        }
        if (size == 0) return collected.take();
        collected.append({piece.data(), static_cast<std::size_t>(size)});
        Arena::wipe(piece.data(), static_cast<std::size_t>(size));
        if (collected.size() > limit) {
            return std::unexpected(
                Error{Remedy::failed,
                      "descriptor " + std::to_string(descriptor) + " holds too much", ""});
        }
    }
}

}  // namespace hearth::composition
