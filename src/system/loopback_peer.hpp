// Whose a connection over the loopback interface is, for what cannot ask its peers for a token.
#pragma once

#include <cstdint>

#include "hearth/error.hpp"

namespace hearth::system {

// The user who made the socket at the other end of an accepted TCP connection over IPv4.
// Remedy::refused where the system does not tell, as of one who has closed it already.
Result<std::uint32_t> loopback_peer(int socket);

// Whether the system tells of connections at all, judged by a listening socket. Remedy::refused
// where it does not.
Result<> check_loopback_peers(int listening);

}  // namespace hearth::system
