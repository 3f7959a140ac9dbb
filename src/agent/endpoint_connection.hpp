#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "agent/endpoint_face.hpp"
#include "agent/socket_loop.hpp"
#include "core/descriptor.hpp"
#include "core/time.hpp"
#include "hearth/secret.hpp"
#include "session/engine.hpp"

namespace hearth::agent {

class EndpointConnection;

// What a connection needs of its endpoint.
class EndpointHost {
  public:
    virtual ~EndpointHost() = default;
    [[nodiscard]] virtual const EndpointFace& face() const noexcept = 0;
    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
    // The reply that is at hand; absent when it has to be waited for.
    virtual std::optional<Secret> ready_reply(const Question& question) = 0;
    // The reply once it is there, unless the ticket is dropped before.
    virtual std::unique_ptr<session::Ticket> reply(Question question,
                                                   std::move_only_function<void(Secret)> done) = 0;
    virtual void closed(EndpointConnection& connection) = 0;
    [[nodiscard]] virtual Span now() const = 0;
};

// One program that asks by HTTP, one request after the other. Loop thread only.
class EndpointConnection : public SocketLoop::Watcher,
                           public std::enable_shared_from_this<EndpointConnection> {
  public:
    EndpointConnection(EndpointHost& host, SocketLoop& loop, Descriptor socket);

    // Takes what has arrived, then waits for more.
    void begin();
    void close();
    void ready(Ready what) override;

    // Whether it takes longer than anybody may.
    [[nodiscard]] bool overdue(Span now) const noexcept;
    [[nodiscard]] bool waits() const noexcept { return stage_ == Stage::waiting; }
    [[nodiscard]] Span since() const noexcept { return since_; }

  private:
    enum class Stage : std::uint8_t {
        reading,
        waiting,  // For a renewal.
        sending,
        leaving,  // All is said; the program is let read it.
    };

    void watch();
    void read();
    void take(std::string_view bytes);
    void proceed();
    void answer(Judgement judgement);
    void send(Secret reply);
    void write();
    void sent();

    EndpointHost& host_;
    SocketLoop& loop_;
    Descriptor socket_;
    Stage stage_ = Stage::reading;
    bool keeps_ = true;
    std::optional<SocketLoop::Interest> interest_;  // Absent until the loop watches.
    Span since_;                                    // It has been in the same stage.
    SecretBuilder partial_;                         // The beginning of a request, or the next ones.
    Secret unsent_;
    std::size_t sent_ = 0;
    std::unique_ptr<session::Ticket> ticket_;
};

}  // namespace hearth::agent
