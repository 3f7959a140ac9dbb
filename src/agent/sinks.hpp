#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/log.hpp"
#include "agent/outside.hpp"
#include "agent/socket_loop.hpp"
#include "core/clock.hpp"
#include "core/descriptor.hpp"
#include "core/sink.hpp"
#include "session/engine.hpp"

namespace hearth::agent {

class Line;

// Keeps the files of [sinks] as fresh as the sessions: orders each change from the process outside.
// Loop thread only.
class Sinks : public SocketLoop::Watcher {
  public:
    // Sinks, and what each holds is as old as.
    using Orphans = std::vector<std::pair<Name, Instant>>;

    // `outside` is what begin_outside gave; what failed is tried again after `patience`.
    Sinks(session::Engine& engine, SocketLoop& loop, const Clock& clock, Log& log,
          Descriptor outside, Span patience = std::chrono::seconds(30));

    void on_event(const session::Event& event);
    // After settings have changed, and at the start: every sink is compared with its session.
    void reconsider();
    // Those whose profile is there and will not be, once these settings count.
    [[nodiscard]] Orphans orphaned_by(const Settings& next) const;
    // Takes away what they hold.
    void clear(const Orphans& orphans);
    // Until every change that was ordered is made.
    [[nodiscard]] bool busy() const noexcept;
    // The member "sinks" of a status.
    void write_status(Line& line) const;

    void ready(Ready what) override;

  private:
    // Nothing: the credential of now is to be written. An instant: there is none since then. It is
    // that of the decision, however late the order or often it is tried: somebody may have signed
    // in again meanwhile.
    using Due = std::optional<Instant>;
    struct Story {
        std::optional<Instant> written_at;
        std::string trouble;
        std::string hint;
        bool until_change = false;  // The trouble ends with the next change, and not before.
        session::Loop::TimerId retry = 0;
    };

    [[nodiscard]] std::optional<Instant> renewed_at(const ProfileName& profile) const;
    void order(const Name& sink, Due due);
    void send_due();
    [[nodiscard]] bool send(const SinkSettings& sink, Due due);
    void heard(std::string_view packet);
    void take_in(const SinkReport& report);
    void announce(const SinkSettings& sink, const SinkReport& report);
    void retry(const Name& sink, Due due);
    void lost();

    session::Engine& engine_;
    SocketLoop& loop_;
    const Clock& clock_;
    Log& log_;
    Descriptor outside_;
    Span patience_;
    std::map<Name, Due> due_;
    std::map<Name, Story> stories_;
    std::size_t under_way_ = 0;
};

}  // namespace hearth::agent
