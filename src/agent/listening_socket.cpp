#include "agent/listening_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "core/try.hpp"
#include "system/files.hpp"

namespace hearth::agent {
namespace {

constexpr int backlog = 4096;
constexpr int first_inherited = 3;

Result<> bind_to(int socket, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return std::unexpected(system_error("bind " + path));
    }
    return {};
}

}  // namespace

Result<Descriptor> bind_socket(const Places& places) {
    HEARTH_CHECK(system::ensure_private_folder(places.runtime_folder));
    const std::string path = places.socket();
    (void)::unlink(path.c_str());
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.open()) return std::unexpected(system_error("open a socket"));
    if (path.size() < sizeof(sockaddr_un::sun_path)) {
        HEARTH_CHECK(bind_to(socket.number(), path));
    } else {
        // Addresses are short; the kernel's name of the open folder is shorter.
        const Descriptor folder(
            ::open(places.runtime_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!folder.open()) return std::unexpected(system_error("open " + places.runtime_folder));
        HEARTH_CHECK(bind_to(socket.number(), "/proc/self/fd/" + std::to_string(folder.number()) +
                                                  path.substr(path.rfind('/'))));
    }
    // Nobody can connect before listen, so the mode is right from the first moment that counts.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket.number(), backlog) != 0) {
        return std::unexpected(system_error("listen on " + path));
    }
    return socket;
}

void unlink_socket(const Places& places) { (void)::unlink(places.socket().c_str()); }

std::optional<Descriptor> inherited_socket(const Environment& environment) {
    const auto process = environment("LISTEN_PID");
    const auto count = environment("LISTEN_FDS");
    if (!process || !count || *process != std::to_string(::getpid()) || *count != "1") {
        return std::nullopt;
    }
    (void)::fcntl(first_inherited, F_SETFD, FD_CLOEXEC);
    const int flags = ::fcntl(first_inherited, F_GETFL);
    if (flags < 0) return std::nullopt;
    (void)::fcntl(first_inherited, F_SETFL, flags | O_NONBLOCK);
    return Descriptor(first_inherited);
}

}  // namespace hearth::agent
