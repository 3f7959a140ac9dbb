#pragma once

#include <deque>
#include <forward_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "agent/call.hpp"
#include "agent/socket_loop.hpp"
#include "core/time.hpp"
#include "hearth/secret.hpp"

namespace hearth::agent {

class Connection;

// What a connection needs of the server that it belongs to.
class Host {
  public:
    virtual ~Host() = default;
    // The answer to the line, where it is at hand; it must be sent before anything else is asked.
    virtual const Secret* ready_answer(std::string_view line, Connection& connection) = 0;
    virtual void serve(const CallPtr& call) = 0;
    // A buffer to read into, wiped by whoever used it.
    virtual std::span<char> scratch() = 0;
    // A client does not read as fast as it is answered.
    virtual void writing() = 0;
    virtual void closed(Connection& connection) = 0;
    [[nodiscard]] virtual bool draining() const noexcept = 0;
    [[nodiscard]] virtual Span now() const = 0;
};

// One client: its requests are answered in order. Loop thread only. Lives by shared pointers, of
// which the server has one.
class Connection : public Caller,
                   public SocketLoop::Watcher,
                   public std::enable_shared_from_this<Connection> {
  public:
    Connection(Host& host, SocketLoop& loop, Descriptor socket, std::int64_t pid);
    ~Connection() override;

    // Takes what has arrived, then waits for more.
    void begin(std::string_view arrived);
    // What it waits for is cancelled.
    void close();

    void ready(Ready what) override;
    void send(const Secret& line) override;
    void ended() override;
    void hold(std::shared_ptr<void> what) override { held_.push_front(std::move(what)); }
    [[nodiscard]] std::int64_t pid() const noexcept override { return pid_; }
    [[nodiscard]] std::string executable() const override;

    // Nothing asked, nothing to send, nothing held: may be closed by the server at any time.
    [[nodiscard]] bool idle() const noexcept {
        return !call_ && lines_.empty() && unsent_.empty() && held_.empty();
    }
    // Something that the agent's end waits for.
    [[nodiscard]] bool in_flight() const noexcept;
    [[nodiscard]] Span quiet_since() const noexcept { return quiet_since_; }
    // The client does not read what it asked for.
    [[nodiscard]] bool stuck(Span since) const noexcept {
        return !unsent_.empty() && quiet_since_ <= since;
    }

  private:
    void watch();
    void read();
    void end_of_input();
    void take(std::string_view bytes);
    void line(std::string_view text);
    void start(std::string_view text);
    void proceed();
    void refuse(std::string_view what);
    void write();
    [[nodiscard]] bool blocked() const noexcept { return call_ != nullptr || !unsent_.empty(); }

    Host& host_;
    SocketLoop& loop_;
    Descriptor socket_;
    std::int64_t pid_;
    Span quiet_since_;
    SecretBuilder partial_;     // The beginning of a line.
    std::deque<Secret> lines_;  // Whole ones whose turn has not come.
    std::size_t lines_size_ = 0;
    CallPtr call_;
    std::forward_list<std::shared_ptr<void>> held_;
    std::deque<Secret> unsent_;
    std::size_t sent_ = 0;  // Of the first of them.
    std::size_t unsent_size_ = 0;
    bool starting_ = false;
    std::optional<SocketLoop::Interest> interest_;  // Absent until the loop watches.
    bool last_ = false;  // No further line is read: answer what is there and close.
};

}  // namespace hearth::agent
