#include "agent/endpoint_connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "agent/endpoint_replies.hpp"
#include "core/arena.hpp"

namespace hearth::agent {
namespace {

// For a request to arrive, and for a reply to be read.
constexpr Span patience = std::chrono::seconds(5);

bool passes(int problem) { return problem == EAGAIN || problem == EINTR; }

}  // namespace

EndpointConnection::EndpointConnection(EndpointHost& host, SocketLoop& loop, Descriptor socket)
    : host_(host), loop_(loop), socket_(std::move(socket)), since_(host.now()) {}

void EndpointConnection::begin() {
    read();
    watch();
}

void EndpointConnection::close() {
    if (!socket_.open()) return;
    const auto self = shared_from_this();
    if (interest_) loop_.forget(socket_.number());
    socket_ = {};
    ticket_.reset();
    unsent_ = Secret();
    (void)partial_.take();
    host_.closed(*this);
}

bool EndpointConnection::overdue(Span now) const noexcept {
    if (stage_ == Stage::waiting) return false;
    const bool idle = stage_ == Stage::reading && partial_.size() == 0;
    return now - since_ > (idle ? endpoint_idle : patience);
}

void EndpointConnection::watch() {
    using enum SocketLoop::Interest;
    if (!socket_.open()) return;
    auto wanted = read;
    if (stage_ == Stage::waiting) wanted = none;
    if (stage_ == Stage::sending) wanted = write;
    if (interest_ == wanted) return;
    if (interest_) {
        loop_.change(socket_.number(), wanted, *this);
    } else if (!loop_.watch(socket_.number(), wanted, *this)) {
        return close();
    }
    interest_ = wanted;
}

void EndpointConnection::ready(Ready what) {
    // It may have been closed by what the loop told before, in the same round.
    if (!socket_.open()) return;
    const auto self = shared_from_this();
    const bool reads = stage_ == Stage::reading || stage_ == Stage::leaving;
    if (what.gone && !reads) return close();
    if (what.writable && stage_ == Stage::sending) {
        write();
        proceed();
    }
    if (socket_.open() && reads && (what.readable || what.gone)) read();
    watch();
}

void EndpointConnection::read() {
    std::array<char, longest_question> buffer;  // NOLINT(*-member-init): it is read into.
    const auto size = ::recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size == 0 || (size < 0 && !passes(errno))) return close();
    if (size < 0) return;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
    if (stage_ == Stage::reading && partial_.size() == 0) {
        take(bytes);
        // The rest of a request has so long from its beginning on.
        if (partial_.size() != 0) since_ = host_.now();
    } else if (stage_ == Stage::reading) {
        const Secret whole = partial_.append(bytes).take();
        take(whole.reveal());
    }
    Arena::wipe(buffer.data(), bytes.size());
}

// What cannot be answered yet is kept for later.
void EndpointConnection::take(std::string_view bytes) {
    while (stage_ == Stage::reading && !bytes.empty() && socket_.open()) {
        auto judgement = judge(bytes, host_.port());
        if (judgement.verdict == Verdict::unfinished) break;
        bytes.remove_prefix(judgement.size);
        answer(std::move(judgement));
    }
    if (socket_.open() && stage_ != Stage::leaving && !bytes.empty()) partial_.append(bytes);
}

void EndpointConnection::proceed() {
    if (stage_ != Stage::reading || partial_.size() == 0) return;
    const Secret next = partial_.take();
    take(next.reveal());
}

void EndpointConnection::answer(Judgement judgement) {
    auto& [verdict, size, keeps, question] = judgement;
    if (verdict == Verdict::granted) verdict = host_.face().judge(question);
    keeps_ = verdict == Verdict::granted && keeps;
    if (verdict != Verdict::granted) return send(host_.face().refusal(verdict));
    if (auto ready = host_.ready_reply(question)) return send(*std::move(ready));
    stage_ = Stage::waiting;
    ticket_ = host_.reply(std::move(question), [weak = weak_from_this()](Secret reply) {
        const auto self = weak.lock();
        if (!self || !self->socket_.open()) return;
        self->ticket_.reset();
        self->send(std::move(reply));
        self->proceed();
        self->watch();
    });
}

void EndpointConnection::send(Secret reply) {
    stage_ = Stage::sending;
    unsent_ = std::move(reply);
    sent_ = 0;
    write();
    if (stage_ == Stage::sending && socket_.open()) since_ = host_.now();
}

void EndpointConnection::write() {
    const auto rest = unsent_.reveal().substr(sent_);
    const auto size =
        ::send(socket_.number(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && !passes(errno)) return close();
    if (size > 0) sent_ += static_cast<std::size_t>(size);
    if (sent_ == unsent_.size()) sent();
}

// Closing at once while the program still sends would reset the connection, and the reply could be
// lost with it.
void EndpointConnection::sent() {
    unsent_ = Secret();
    since_ = host_.now();
    stage_ = keeps_ ? Stage::reading : Stage::leaving;
    if (stage_ == Stage::leaving) (void)::shutdown(socket_.number(), SHUT_WR);
}

}  // namespace hearth::agent
