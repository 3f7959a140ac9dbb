// Very many sessions in one engine, in one thread and in virtual time: issuers that count what they
// are sent, clients that look at what they are given. Knows nothing of the rules; keeps score.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/settings.hpp"

namespace hearth::load {

struct FleetOptions {
    int sessions = 100'000;
    int issuers = 100;
    int clients = 1'000;
    // Each client asks for a credential of some session so often.
    Span between_asks = std::chrono::minutes(1);
    // All sessions expire for the first time within these minutes.
    Span first_expiry = std::chrono::hours(1);
    Span expiry_window = std::chrono::minutes(5);
    Span lifetime = std::chrono::hours(8);
    RateLimit rate;
    std::uint64_t seed = 1;
};

struct FleetScore {
    std::int64_t renewals = 0;
    std::int64_t over_limit = 0;        // Requests that an issuer got beyond its rate and burst.
    std::int64_t reused_tokens = 0;     // Refresh tokens that were sent a second time.
    std::int64_t handed_out = 0;        // Credentials that clients were given.
    std::int64_t expired = 0;           // Of these, how many had expired.
    std::int64_t turned_away = 0;       // Asks that ended in an error.
    std::string last_error;             // Of the last of them.
    std::int64_t most_in_a_second = 0;  // At the busiest issuer.
};

// What `status` says of the whole fleet.
struct FleetStatus {
    int fresh = 0;
    int waiting = 0;
    int renewing = 0;
    int others = 0;
    int silent = 0;  // Expired, and not named as waiting or renewing.
};

class Fleet {
  public:
    explicit Fleet(FleetOptions options);
    ~Fleet();
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    // Reads all sessions; keeps them fresh, and lets the clients ask, from then on.
    void start();
    void pass(Span span);

    [[nodiscard]] const FleetScore& score() const;
    [[nodiscard]] FleetStatus status() const;
    // Bytes that the process has allocated and not freed.
    [[nodiscard]] static std::size_t allocated();

  private:
    class World;
    std::unique_ptr<World> world_;
};

}  // namespace hearth::load
