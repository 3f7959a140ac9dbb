#include <fcntl.h>
#include <ftw.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

#include "cli/exec_folder.hpp"
#include "cli/own_file.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::string_view beginning = "google-";
constexpr int most_open = 16;

Result<> make_private(const std::string& path) {
    if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        return std::unexpected(system_error("make " + path));
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) return std::unexpected(system_error("look at " + path));
    const bool own = S_ISDIR(found.st_mode) && found.st_uid == ::geteuid() &&
                     (found.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    if (own) return {};
    return std::unexpected(Error{Remedy::failed, path + " is no folder that only you can enter",
                                 "chmod 700 " + path + ", or remove it"});
}

// Follows no link, and leaves what lies on other disks.
void remove_all(const std::string& path) {
    const auto remove_one = [](const char* name, const struct stat* /*found*/, int /*kind*/,
                               struct FTW* /*where*/) {
        (void)std::remove(name);
        return 0;
    };
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the command line has one thread.
    (void)::nftw(path.c_str(), remove_one, most_open, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

// Its own to whoever makes it; absent while its maker lives.
Descriptor locked(const std::string& path, int how) {
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.open() || ::flock(folder.number(), how) != 0) return {};
    return folder;
}

void sweep(const std::string& folder) {
    for (const auto& name : names_in(folder)) {
        const auto path = folder + "/" + name;
        if (name.starts_with(beginning) && locked(path, LOCK_EX | LOCK_NB).open()) remove_all(path);
    }
}

}  // namespace

Result<ExecFolder> ExecFolder::make(const Environment& environment) {
    const auto where = HEARTH_TRY(places(environment)).runtime_folder;
    const auto all = where + "/exec";
    HEARTH_CHECK(make_private(where));
    HEARTH_CHECK(make_private(all));
    // One at a time: a folder that is not yet locked is nobody's.
    const auto turn = locked(all, LOCK_EX);
    sweep(all);
    auto path = all + "/" + std::string(beginning) + "XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return std::unexpected(system_error("make " + path));
    auto lock = locked(path, LOCK_EX | LOCK_NB);
    return ExecFolder(std::move(path), std::move(lock));
}

ExecFolder::~ExecFolder() {
    if (lock_.open()) remove_all(path_);
}

}  // namespace hearth::cli
