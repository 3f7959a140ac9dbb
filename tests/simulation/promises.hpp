// The promises, each checked where something happens that could break it. Nothing here asks the
// product whether it did well: what is compared is what the store, the provider and the clocks say.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/profile.hpp"
#include "core/session.hpp"
#include "core/settings.hpp"
#include "session/lock.hpp"
#include "simulation/host.hpp"
#include "simulation/issuer.hpp"
#include "simulation/ledger.hpp"

namespace hearth::simulation {

// Somebody who asked for a credential, and what the world was like then.
struct Question {
    std::string who;  // For the trace.
    ProfileName profile;
    Place place;
    RenewalPolicy policy;
    std::optional<Span> min_remaining{};
    Span asked_at{};
    Span deadline{};                        // On the boot-time clock.
    std::optional<std::string> rejected{};  // The token that a resource server did not take.
    bool warm = false;                      // What was at hand satisfied the demand.
    std::optional<Version> working{};       // What was at hand had not expired.
    bool good = false;                      // The provider would have renewed what is in the store.
    std::uint64_t mishaps = 0;
    std::uint64_t failed_reads = 0;
};
struct Reply {
    const Result<CredentialPtr>& result;
    Span decided_at{};
    std::optional<Version> working{};  // What is at hand now and has not expired.
    std::uint64_t failed_reads = 0;
};

struct Witness {
    Scene& scene;
    Issuer& issuer;
    Ledgers& ledgers;
};

// "An expired token is never handed out." "A caller is answered at once while more than floor =
// min(min_remaining, lifetime / 4) is left."
class Fresh {
  public:
    explicit Fresh(const Witness& witness) : witness_(witness) {}
    void asked(const Question& question, const Host& host, const Version& held);
    void answered(const Question& question, const Reply& reply, const Host& host);

  private:
    void check_expiry(const Question& question, const Credential& credential, Span decided_at,
                      const Host& host);
    Witness witness_;
};

// "At most one renewal is in flight per session, across threads, processes." A renewal is sent only
// under the lock and after its intent is durable; a refresh token that was exchanged is not sent
// again while somebody has what it was exchanged for; what got no answer is sent once more, no more
// than that under one lock.
class Once {
  public:
    explicit Once(const Witness& witness) : witness_(witness) {}
    void sending(const std::string& who, int process, const Place& place, std::size_t refresh,
                 Installation& installation);
    void ended(int process, const Place& place);
    // The process has the reply in hand, or is gone with it.
    void received(int process, const Issuer::Issued& issued);
    void died(int process);
    // The provider takes the token no more.
    void refused(std::size_t refresh);

  private:
    Witness witness_;
    std::map<int, std::vector<std::size_t>> in_hand_;  // Refresh tokens spent, by process.
};

// "A refresh token that was saved is never overwritten by an older one nor erased by a failure.
// Only logout erases, and an erased session is never resurrected by late work." "It needs a new
// sign-in only where the server forgives nothing."
class NeverLost {
  public:
    enum class By : std::uint8_t { keeper, sign_in, switching_sign_in, mending_sign_in };

    explicit NeverLost(const Witness& witness) : witness_(witness) {}
    void saved(const std::string& who, const Place& place, const std::string& document, By by);
    void erased(const std::string& who, const Place& place, bool by_sign_out);
    void journal_written(const std::string& who, const Place& place, const session::Journal& before,
                         const session::Journal& after);
    void answered(const Question& question, const Reply& reply);
    // What is in the store is of use: the provider would renew it.
    [[nodiscard]] bool good(const Place& place);

  private:
    void check_order(const std::string& who, const Ledger& ledger, const Ledger::Stored& next,
                     By by);
    Witness witness_;
};

// "A failing provider, a dead keychain or a dead network takes no working credential away and makes
// no caller wait who is above the floor." "Retry-After is honoured", "shared by all processes". And
// nobody waits for longer than he is ready to.
class Patient {
  public:
    explicit Patient(const Witness& witness) : witness_(witness) {}
    void answered(const Question& question, const Reply& reply);
    void overdue(const Question& question);
    void told_to_wait(int process, const Place& place, Span span, const Host& host);
    void journal_written(int process, const Place& place, const session::Journal& after);
    void journal_failed(int process, const Place& place);
    void sending(const std::string& who, const Place& place, const Host& host);

  private:
    Witness witness_;
};

// "Requests per issuer are limited."
class Bounded {
  public:
    explicit Bounded(const Witness& witness) : witness_(witness) {}
    void limit(int process, const RateLimit& limit);
    void sending(const std::string& who, int process);
    void died(int process) { buckets_.erase(process); }

  private:
    struct Bucket {
        RateLimit limit;
        double tokens = 0;
        Span filled_at{};
    };
    Witness witness_;
    std::map<int, Bucket> buckets_;
};

struct Promises {
    explicit Promises(const Witness& witness)
        : ledgers(witness.ledgers),
          fresh(witness),
          once(witness),
          never_lost(witness),
          patient(witness),
          bounded(witness) {}
    void died(int process) {
        once.died(process);
        bounded.died(process);
        for (auto& [place, ledger] : ledgers) {
            std::erase(ledger.in_flight, process);
            if (ledger.asked_of == process) ledger.asked_of = 0;
        }
    }
    Ledgers& ledgers;
    Fresh fresh;
    Once once;
    NeverLost never_lost;
    Patient patient;
    Bounded bounded;
};

}  // namespace hearth::simulation
