#include "system/loopback_peer.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "core/descriptor.hpp"
#include "core/try.hpp"

namespace hearth::system {
namespace {

constexpr const char* why_it_matters = "without that, other users of this machine could ask too";

std::unexpected<Error> untold(const std::string& what) {
    return std::unexpected(Error{Remedy::refused, what, why_it_matters});
}
std::unexpected<Error> untold_because(const std::string& doing) {
    return untold(system_error(doing).what);
}

struct Ask {
    nlmsghdr header{};
    inet_diag_req_v2 request{};
};
struct Answer {
    nlmsghdr header{};
    inet_diag_msg socket{};
    // Attributes that nobody asked for, and what an error says.
    std::array<char, 512> more{};
};

// The kernel answers to an exact question within the call that asks it.
Result<inet_diag_msg> look_up(const inet_diag_sockid& id) {
    const Descriptor netlink(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    if (!netlink.open()) return untold_because("ask whose a connection is");
    Ask ask;
    ask.header.nlmsg_len = sizeof ask;
    ask.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    ask.header.nlmsg_flags = NLM_F_REQUEST;
    ask.request.sdiag_family = AF_INET;
    ask.request.sdiag_protocol = IPPROTO_TCP;
    ask.request.idiag_states = ~0U;
    ask.request.id = id;
    if (::send(netlink.number(), &ask, sizeof ask, 0) != sizeof ask)
        return untold_because("ask whose a connection is");
    Answer answer;
    const auto size = ::recv(netlink.number(), &answer, sizeof answer, MSG_DONTWAIT);
    if (size < 0) return untold_because("hear whose a connection is");
    constexpr auto least = static_cast<ssize_t>(sizeof(nlmsghdr) + sizeof(inet_diag_msg));
    if (size < least || answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return untold("the system does not tell whose a connection is");
    return answer.socket;
}

Result<sockaddr_in> name_of(int socket, decltype(::getsockname)* look) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (look(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        address.sin_family != AF_INET)
        return untold_because("tell the ends of a connection");
    return address;
}

// The socket that is bound to the source.
inet_diag_sockid identified(const sockaddr_in& source, const sockaddr_in& destination) {
    inet_diag_sockid id{};
    id.idiag_sport = source.sin_port;
    id.idiag_src[0] = source.sin_addr.s_addr;
    id.idiag_dport = destination.sin_port;
    id.idiag_dst[0] = destination.sin_addr.s_addr;
    id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return id;
}

// An address of IPv4 as the kernel tells it: Java's sockets are of IPv6, and have it mapped into
// that (RFC 4291 section 2.5.5.2).
std::optional<__be32> ipv4_in(const __be32 (&address)[4], std::uint8_t family) {
    if (family == AF_INET) return address[0];
    const bool mapped = address[0] == 0 && address[1] == 0 && address[2] == htonl(0xFFFF);
    return mapped ? std::optional(address[3]) : std::nullopt;
}

// Where there is no such connection the kernel tells of who listens at its port.
bool same_ends(const inet_diag_msg& found, const inet_diag_sockid& asked) {
    const auto& id = found.id;
    return id.idiag_sport == asked.idiag_sport && id.idiag_dport == asked.idiag_dport &&
           ipv4_in(id.idiag_src, found.idiag_family) == asked.idiag_src[0] &&
           ipv4_in(id.idiag_dst, found.idiag_family) == asked.idiag_dst[0];
}

}  // namespace

Result<std::uint32_t> loopback_peer(int socket) {
    const auto peer = HEARTH_TRY(name_of(socket, ::getpeername));
    const auto own = HEARTH_TRY(name_of(socket, ::getsockname));
    const auto id = identified(peer, own);
    const auto found = HEARTH_TRY(look_up(id));
    // What a process has let go has no inode, and says that it is root's.
    if (!same_ends(found, id) || found.idiag_inode == 0 || found.idiag_state == TCP_LISTEN)
        return untold("whoever asked has gone");
    return found.idiag_uid;
}

Result<> check_loopback_peers(int listening) {
    const auto own = HEARTH_TRY(name_of(listening, ::getsockname));
    const auto found = HEARTH_TRY(look_up(identified(own, sockaddr_in{})));
    if (found.idiag_state == TCP_LISTEN && found.idiag_uid == ::geteuid()) return {};
    return untold("the system tells wrongly whose a connection is");
}

}  // namespace hearth::system
