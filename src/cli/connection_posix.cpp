#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "cli/connection.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr std::size_t longest_line = 1024UL * 1024;

iovec part(std::string_view text) noexcept {
    // sendmsg does not write to it.
    return {.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};  // NOLINT
}

}  // namespace

Error went_away() {
    return Error{Remedy::failed, "the agent went away before it answered",
                 "try again; hearth doctor tells what is wrong"};
}

Result<> Connection::send(const JsonLine& line) {
    auto head = line.head();
    auto tail = line.tail();
    while (!head.empty() || !tail.empty()) {
        std::array parts{part(head), part(tail)};
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = parts.size();
        const auto sent = ::sendmsg(socket_.number(), &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        closed_ = sent < 0;
        if (closed_) return std::unexpected(went_away());
        const auto of_head = std::min(static_cast<std::size_t>(sent), head.size());
        head.remove_prefix(of_head);
        tail.remove_prefix(static_cast<std::size_t>(sent) - of_head);
    }
    return {};
}

std::optional<Secret> Connection::next() {
    const auto end = arrived_.reveal().find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    Secret all = arrived_.take();
    if (end + 1 < all.size()) arrived_.append(all.reveal().substr(end + 1));
    if (end + 1 == all.size()) return all;
    return Secret(all.reveal().substr(0, end));
}

Result<bool> Connection::receive(std::chrono::milliseconds patience) {
    pollfd wanted{.fd = socket_.number(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(patience.count()));
    if (ready < 0) return true;
    if (ready == 0)
        return std::unexpected(Error{Remedy::failed, "the agent does not answer",
                                     "hearth agent stop, then try again"});
    std::array<char, 4096> piece{};
    const auto size = ::recv(socket_.number(), piece.data(), piece.size(), 0);
    if (size < 0 && errno == EINTR) return true;
    closed_ = size <= 0;
    if (closed_) return false;
    arrived_.append({piece.data(), static_cast<std::size_t>(size)});
    ::explicit_bzero(piece.data(), static_cast<std::size_t>(size));
    if (arrived_.size() > longest_line)
        return std::unexpected(
            Error{Remedy::failed, "the agent's answer is longer than 1 MiB", ""});
    return true;
}

Result<Secret> Connection::line(std::chrono::milliseconds patience) {
    for (;;) {
        if (auto line = next()) return *std::move(line);
        if (!HEARTH_TRY(receive(patience))) return std::unexpected(went_away());
    }
}

}  // namespace hearth::cli
