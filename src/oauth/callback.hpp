// Port: the loopback address that the browser comes back to (RFC 8252 section 7.3).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hearth/credential.hpp"
#include "hearth/error.hpp"

namespace hearth::oauth {

// One request as it came in; nothing of it is trusted.
struct CallbackRequest {
    std::string method;
    std::string target;  // Path and query, as sent.
    std::vector<Header> headers;
};

struct CallbackReply {
    int status = 404;
    std::vector<Header> headers;
    std::string body;
};

// Listens until destroyed. The destructor returns after the last handler call has ended.
class CallbackListener {
  public:
    virtual ~CallbackListener() = default;
    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
};

class Callbacks {
  public:
    virtual ~Callbacks() = default;
    // Listens on 127.0.0.1 and, where the machine has it, on ::1 at the same port; port 0 is chosen
    // by the system. `handle` is called on the listener's thread, one request at a time; requests
    // that are too long, too slow or not HTTP are refused before it is called. Remedy::failed when
    // the port is taken.
    virtual Result<std::unique_ptr<CallbackListener>> listen(
        std::uint16_t port, std::function<CallbackReply(const CallbackRequest&)> handle) = 0;
};

}  // namespace hearth::oauth
