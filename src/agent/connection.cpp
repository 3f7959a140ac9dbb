#include "agent/connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <span>

#include "agent/line.hpp"
#include "core/arena.hpp"
#include "system/process.hpp"

namespace hearth::agent {
namespace {

// As much may wait to be sent or to be looked at before the client is taken for one that does not
// read, or is not read.
constexpr std::size_t backlog_limit = 1024UL * 1024;

bool gone(int socket) {
    pollfd state{.fd = socket, .events = 0, .revents = 0};
    return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace

Connection::Connection(Host& host, SocketLoop& loop, Descriptor socket, std::int64_t pid)
    : host_(host), loop_(loop), socket_(std::move(socket)), pid_(pid), quiet_since_(host.now()) {}

Connection::~Connection() = default;

std::string Connection::executable() const {
    const auto peer = system::peer_of(socket_.number());
    return peer ? peer->executable : "";
}

bool Connection::in_flight() const noexcept {
    return (call_ && !call_->is_endless()) || !lines_.empty() || !unsent_.empty();
}

void Connection::begin(std::string_view arrived) {
    if (!arrived.empty()) take(arrived);
    watch();
}

void Connection::close() {
    if (!socket_.open()) return;
    const auto self = shared_from_this();
    // Before the client can notice, so that what it held can be had anew at once.
    held_.clear();
    if (interest_) loop_.forget(socket_.number());
    socket_ = {};
    lines_.clear();
    unsent_.clear();
    const auto call = std::exchange(call_, nullptr);
    host_.closed(*this);
}

// Has the loop tell what there is to do now, and nothing else.
void Connection::watch() {
    using enum SocketLoop::Interest;
    if (!socket_.open()) return;
    const bool reads = !last_ && lines_size_ <= backlog_limit;
    const bool writes = !unsent_.empty();
    auto wanted = writes ? write : none;
    if (reads) wanted = writes ? both : read;
    if (interest_ == wanted) return;
    if (interest_) {
        loop_.change(socket_.number(), wanted, *this);
    } else if (!loop_.watch(socket_.number(), wanted, *this)) {
        return close();
    }
    interest_ = wanted;
}

void Connection::ready(Ready what) {
    // The socket may have been closed by what the loop told before, in the same round.
    if (!socket_.open()) return;
    const auto self = shared_from_this();
    const bool reads =
        interest_ == SocketLoop::Interest::read || interest_ == SocketLoop::Interest::both;
    if (what.gone && !reads) return close();
    if (what.writable) write();
    if ((what.readable || what.gone) && socket_.open() && reads) read();
    watch();
}

void Connection::read() {
    const auto buffer = host_.scratch();
    const auto size = ::recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size == 0) return end_of_input();
    if (size < 0) {
        if (errno != EAGAIN && errno != EINTR) close();
        return;
    }
    quiet_since_ = host_.now();
    take({buffer.data(), static_cast<std::size_t>(size)});
    Arena::wipe(buffer.data(), static_cast<std::size_t>(size));
}

void Connection::end_of_input() {
    // A client may shut down its side and still read. One that has gone wants nothing any more.
    if (idle() || gone(socket_.number())) return close();
    last_ = true;
}

void Connection::take(std::string_view bytes) {
    while (!bytes.empty() && socket_.open() && !last_) {
        const auto end = bytes.find('\n');
        const auto piece = bytes.substr(0, end);
        if (partial_.size() + piece.size() > line_limit) {
            return refuse("the request is longer than 1 MiB");
        }
        if (end == std::string_view::npos) {
            partial_.append(piece);
            return;
        }
        bytes.remove_prefix(end + 1);
        if (partial_.size() == 0) {
            line(piece);
        } else {
            partial_.append(piece);
            const Secret whole = partial_.take();
            line(whole.reveal());
        }
    }
}

void Connection::refuse(std::string_view what) {
    last_ = true;
    lines_.clear();
    lines_size_ = 0;
    if (call_) return;
    send(error_line(
        Error{Remedy::usage, std::string(what), "docs/protocol.md describes the requests"}));
    if (unsent_.empty()) close();
}

void Connection::line(std::string_view text) {
    if (!blocked() && lines_.empty()) return start(text);
    if (call_) {
        // What belongs to the request that is being served goes to it, not behind it.
        const auto request = Request::parse(text);
        const auto call = call_;
        if (request && request->is_report()) return call->report(request->members());
        if (request && request->is_paste()) {
            if (auto pasted = request->members().secret("paste")) call_->paste(*std::move(pasted));
            return;
        }
    }
    lines_size_ += text.size();
    lines_.emplace_back(text);
}

void Connection::start(std::string_view text) {
    if (const auto* const ready = host_.ready_answer(text, *this)) return send(*ready);
    auto request = Request::parse(text);
    if (!request) return send(error_line(request.error()));
    // What this was for has ended; nobody waits for an answer.
    if (request->is_paste() || request->is_report()) return;
    call_ = std::make_shared<Call>(*this, *std::move(request));
    const auto call = call_;
    starting_ = true;
    host_.serve(call);
    starting_ = false;
}

void Connection::ended() {
    call_.reset();
    quiet_since_ = host_.now();
    if (!starting_) proceed();
}

void Connection::proceed() {
    const auto self = shared_from_this();
    while (socket_.open() && !blocked() && !lines_.empty()) {
        const Secret next = std::move(lines_.front());
        lines_.pop_front();
        lines_size_ -= next.size();
        start(next.reveal());
    }
    if (!socket_.open()) return;
    if (idle() && (last_ || host_.draining())) return close();
    watch();
}

void Connection::send(const Secret& line) {
    if (!socket_.open()) return;
    if (unsent_size_ > backlog_limit) return close();
    std::string_view rest = line.reveal();
    if (unsent_.empty()) {
        const auto size =
            ::send(socket_.number(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size < 0 && errno != EAGAIN && errno != EINTR) return close();
        if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
        if (rest.empty()) return;
        quiet_since_ = host_.now();
    }
    unsent_size_ += rest.size();
    unsent_.emplace_back(rest);
    host_.writing();
    watch();
}

void Connection::write() {
    while (!unsent_.empty()) {
        const auto rest = unsent_.front().reveal().substr(sent_);
        const auto size =
            ::send(socket_.number(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (size < 0) return close();
        quiet_since_ = host_.now();
        unsent_size_ -= static_cast<std::size_t>(size);
        sent_ += static_cast<std::size_t>(size);
        if (sent_ < unsent_.front().size()) continue;
        unsent_.pop_front();
        sent_ = 0;
    }
    if (!call_) proceed();
}

}  // namespace hearth::agent
