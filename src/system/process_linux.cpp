#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <optional>

#include "core/descriptor.hpp"
#include "core/try.hpp"
#include "system/process.hpp"

namespace hearth::system {
namespace {

Result<std::string> program_file(const std::string& process) {
    const std::string link = "/proc/" + process + "/exe";
    std::array<char, PATH_MAX> target{};
    const auto size = ::readlink(link.c_str(), target.data(), target.size());
    if (size < 0) return std::unexpected(system_error("read " + link));
    return std::string(target.data(), static_cast<std::size_t>(size));
}

}  // namespace

Environment environment() {
    return [](std::string_view name) -> std::optional<std::string> {
        // Nothing here sets variables. NOLINTNEXTLINE(concurrency-mt-unsafe)
        const char* const value = std::getenv(std::string(name).c_str());
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

Result<std::string> executable_folder() {
    const auto file = HEARTH_TRY(program_file("self"));
    return file.substr(0, file.rfind('/'));
}

Result<> harden_process() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (::setrlimit(RLIMIT_CORE, &none) != 0) {
        return std::unexpected(system_error("forbid core dumps"));
    }
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return std::unexpected(system_error("keep debuggers away"));
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return std::unexpected(system_error("give up new privileges"));
    }
    (void)::umask(S_IRWXG | S_IRWXO);
    return {};
}

Result<Peer> peer_of(int socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return std::unexpected(system_error("tell who connected"));
    }
    return Peer{.pid = credentials.pid,
                .uid = credentials.uid,
                .executable = program_file(std::to_string(credentials.pid)).value_or("")};
}

bool same_user(const Peer& peer) noexcept { return peer.uid == ::geteuid(); }

}  // namespace hearth::system
