#include "agent/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "system/loopback_peer.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

constexpr int backlog = 64;
// Any user of the machine can connect, and without the token no more than that.
constexpr std::size_t most_connections = 64;
constexpr Span sweep_period = 1s;
constexpr Span confirmed_for = 100ms;
// Strangers who try again and again do not fill the log.
constexpr Span stranger_pause = 60s;

Error cannot(const std::string& doing) {
    const int problem = errno;
    auto error = system_error(doing, problem);
    if (problem == EADDRINUSE) error.hint = "another program has taken the port meanwhile";
    return error;
}

Result<std::uint16_t> bind_loopback(int socket, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const named = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket, named, size) != 0) return std::unexpected(cannot("open an endpoint"));
    if (::getsockname(socket, named, &size) != 0)
        return std::unexpected(cannot("tell the port of an endpoint"));
    return ntohs(address.sin_port);
}

// An error that was made without knowing what the caller calls the profile.
Error as_shown(Error error, const std::string& profile, const std::string& shown) {
    if (profile == shown) return error;
    for (auto* const text : {&error.what, &error.hint}) {
        for (auto at = text->find(profile); at != std::string::npos;
             at = text->find(profile, at + shown.size())) {
            text->replace(at, profile.size(), shown);
        }
    }
    return error;
}

}  // namespace

Result<std::shared_ptr<Endpoint>> Endpoint::open(Service& service, SocketLoop& loop, Owner owner,
                                                 std::unique_ptr<EndpointFace> face,
                                                 std::uint16_t port) {
    auto endpoint = std::make_shared<Endpoint>(service, loop, std::move(owner), std::move(face));
    HEARTH_CHECK(endpoint->listen(port));
    return endpoint;
}

Endpoint::Endpoint(Service& service, SocketLoop& loop, Owner owner,
                   std::unique_ptr<EndpointFace> face)
    : service_(service), loop_(loop), owner_(std::move(owner)), face_(std::move(face)) {}

Result<> Endpoint::listen(std::uint16_t port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.open()) return std::unexpected(cannot("open a socket"));
    const int yes = 1;
    // What is left of connections to an endpoint before does not hold up the one after it.
    (void)::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    // Nobody is let in who has not said anything.
    const int seconds = 5;
    (void)::setsockopt(socket.number(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
    port_ = HEARTH_TRY(bind_loopback(socket.number(), port));
    if (::listen(socket.number(), backlog) != 0) return std::unexpected(cannot("open an endpoint"));
    if (face_->trusts_the_user()) HEARTH_CHECK(system::check_loopback_peers(socket.number()));
    if (!loop_.watch(socket.number(), SocketLoop::Interest::read, *this))
        return std::unexpected(cannot("watch an endpoint"));
    listening_ = std::move(socket);
    return {};
}

void Endpoint::close() {
    listening_ = {};
    if (sweep_timer_ != 0) loop_.cancel(std::exchange(sweep_timer_, 0));
    // Closing one takes it out of the map.
    while (!connections_.empty()) connections_.begin()->second->close();
    kept_.reset();
}

// One at a time: the loop tells of the next one together with what the others have sent meanwhile.
void Endpoint::ready(Ready /*what*/) {
    const auto self = shared_from_this();
    if (!listening_.open()) return;
    Descriptor socket(
        ::accept4(listening_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.open()) {
        const bool lacking = errno != EAGAIN && errno != ECONNABORTED && errno != EINTR;
        if (lacking) out_of_descriptors();
        return;
    }
    if (!lets_in(socket.number())) return;
    if (connections_.size() >= most_connections) make_room();
    const auto connection = std::make_shared<EndpointConnection>(*this, loop_, std::move(socket));
    connections_.emplace(connection.get(), connection);
    connection->begin();
    watch_over();
}

// Whoever can show no token is let in for being the user.
bool Endpoint::lets_in(int socket) {
    if (!face_->trusts_the_user()) return true;
    const auto user = system::loopback_peer(socket);
    if (user && *user == ::geteuid()) return true;
    const Span present = now();
    if (stranger_told_ && present - *stranger_told_ < stranger_pause) return false;
    stranger_told_ = present;
    service_.log.warn(owner_.profile.text() + ": its endpoint let somebody not in: " +
                      (user ? "user " + std::to_string(*user) : user.error().what));
    return false;
}

// The socket stays readable while descriptors are lacking: waiting on it would spin.
void Endpoint::out_of_descriptors() {
    starved_ = true;
    loop_.change(listening_.number(), SocketLoop::Interest::none, *this);
    watch_over();
}

// Whoever has been there longest goes, but not one who has shown the token and waits.
void Endpoint::make_room() {
    const auto oldest = std::ranges::min_element(connections_, {}, [](const auto& one) {
        return std::pair(one.second->waits(), one.second->since());
    });
    oldest->second->close();
}

// The timer runs only while there is something to look after, so that an idle agent sleeps.
void Endpoint::watch_over() {
    if (sweep_timer_ != 0 || !listening_.open()) return;
    if (connections_.empty() && !starved_) return;
    sweep_timer_ = loop_.at(now() + sweep_period, [this] {
        sweep_timer_ = 0;
        sweep();
    });
}

void Endpoint::sweep() {
    const auto self = shared_from_this();
    const Span present = now();
    std::vector<std::shared_ptr<EndpointConnection>> leaving;
    for (const auto& [key, connection] : connections_) {
        if (connection->overdue(present)) leaving.push_back(connection);
    }
    for (const auto& connection : leaving) connection->close();
    if (std::exchange(starved_, false) && listening_.open())
        loop_.change(listening_.number(), SocketLoop::Interest::read, *this);
    watch_over();
}

void Endpoint::closed(EndpointConnection& connection) {
    auto node = connections_.extract(&connection);
    // Whoever closed it may be in the middle of one of its functions.
    if (!node.empty()) loop_.post([held = std::move(node.mapped())] {});
}

// Behind the answer, and not on the way to it: new settings may end this endpoint.
void Endpoint::look_at_settings(Span present) {
    if (present - settings_checked_ < 1s) return;
    settings_checked_ = present;
    loop_.post([&service = service_] {
        refresh_settings(service);
        if (service.look_around) service.look_around();
    });
}

void Endpoint::tell_audit() {
    ++service_.metrics.handed_out(owner_.profile);
    service_.audit.handed_out(owner_.pid, owner_.profile, "endpoint",
                              [this] { return owner_.executable; });
}

// Whoever asks in a hurry gets what the engine has just called good, as long as it has not expired.
// A session that changes takes it away at once; files of AWS's that change do so a moment later.
std::shared_ptr<const Endpoint::Kept> Endpoint::confirmed(const Moment& now) {
    auto kept = kept_.lock();
    const auto end = kept ? kept->credential->expires_at() : std::nullopt;
    if (end && *end > now.wall && now.boot - confirmed_ < confirmed_for) return kept;
    auto credential = service_.engine.warm(owner_.profile);
    if (!credential) return nullptr;
    confirmed_ = now.boot;
    if (kept && kept->credential == credential) return kept;
    auto reply = face_->lasting_reply(*credential);
    kept = std::make_shared<const Kept>(std::move(credential), std::move(reply));
    service_.token_lines.keep(kept);
    kept_ = kept;
    return kept;
}

std::optional<Secret> Endpoint::ready_reply(const Question& question) {
    const auto now = service_.clock.now();
    look_at_settings(now.boot);
    if (auto fixed = face_->fixed_reply(question)) return fixed;
    const auto kept = confirmed(now);
    if (!kept) return std::nullopt;
    tell_audit();
    if (const auto& lasting = kept->reply) return lasting->clone();
    return face_->reply(question, *kept->credential, now.wall);
}

std::unique_ptr<session::Ticket> Endpoint::reply(Question question,
                                                 std::move_only_function<void(Secret)> done) {
    return service_.engine.credential(
        owner_.profile, {},
        [weak = weak_from_this(), question = std::move(question),
         done = std::move(done)](Result<CredentialPtr> made) mutable {
            const auto self = weak.lock();
            if (!self) return;
            const auto& [profile, shown, pid, executable] = self->owner_;
            const auto& face = *self->face_;
            if (!made) return done(face.failure(as_shown(made.error(), profile.text(), shown)));
            self->tell_audit();
            done(face.reply(question, **made, self->service_.clock.now().wall));
        });
}

}  // namespace hearth::agent
