#include "load/fleet.hpp"

#include <malloc.h>

#include <algorithm>
#include <random>
#include <unordered_map>

#include "load/issuer.hpp"
#include "load/shelf.hpp"
#include "load/virtual_loop.hpp"
#include "session/codec.hpp"
#include "session/engine.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_random.hpp"

namespace hearth::load {

using namespace std::chrono_literals;

namespace {

Name name_of(int number) {
    const auto digits = std::to_string(number);
    return *Name::parse("p" + std::string(6 - digits.size(), '0') + digits);
}

std::shared_ptr<const Profile> profile_of(int number) {
    const auto name = name_of(number);
    Profile profile{name, name, "fleet"};
    return std::make_shared<const Profile>(std::move(profile));
}

void count(FleetStatus& all, const session::ProfileStatus& one) {
    switch (one.state) {
        case session::State::fresh:
            ++all.fresh;
            break;
        case session::State::waiting:
            ++all.waiting;
            return;
        case session::State::renewing:
            ++all.renewing;
            return;
        default:
            ++all.others;
    }
    if (one.remaining.value_or(0ms) <= 0ms) ++all.silent;
}

}  // namespace

class Fleet::World : public providers::Provider {
  public:
    explicit World(FleetOptions options)
        : options_(options), dice_(options.seed), random_(options.seed) {
        Settings settings;
        settings.rate = options_.rate;
        for (int i = 0; i < options_.sessions; ++i) {
            const auto profile = profile_of(i);
            shelf_.put(profile->session, session::encode(first_session(i)));
            settings.profiles.emplace(profile->name, profile);
        }
        engine_ =
            std::make_unique<session::Engine>(session::Engine::Ports{.clock = clock_,
                                                                     .random = random_,
                                                                     .loop = loop_,
                                                                     .workers = loop_,
                                                                     .locks = shelf_,
                                                                     .journals = shelf_,
                                                                     .store = shelf_,
                                                                     .providers = {{"fleet", this}},
                                                                     .store_name = "memory",
                                                                     .process = 1},
                                              std::move(settings));
    }

    void start() {
        engine_->start();
        engine_->keep();
        tickets_.resize(static_cast<std::size_t>(options_.clients));
        for (int i = 0; i < options_.clients; ++i) {
            loop_.at(clock_.now().boot + random_span(options_.between_asks), [this, i] { ask(i); });
        }
        pass(0ms);
    }
    void pass(Span span) { loop_.run_until(clock_.now().boot + span); }
    [[nodiscard]] const FleetScore& score() const { return score_; }

    [[nodiscard]] FleetStatus status() {
        FleetStatus all;
        for (const auto& one : engine_->status()) count(all, one);
        return all;
    }

    [[nodiscard]] std::string_view name() const noexcept override { return "fleet"; }
    Result<Session> sign_in(const Profile& /*profile*/, const providers::SignInOptions& /*options*/,
                            providers::Person& /*person*/, std::stop_token /*stop*/) override {
        return std::unexpected(Error{Remedy::failed, "nobody signs in here", ""});
    }
    Result<Session> adopt(const Profile& /*profile*/, Secret /*token*/) override {
        return std::unexpected(Error{Remedy::failed, "nobody signs in here", ""});
    }
    providers::Renewal renew(const Profile& profile, const Session& session,
                             std::stop_token stop) override;
    Result<> revoke(const Profile& /*profile*/, const Session& /*session*/,
                    std::stop_token /*stop*/) override {
        return {};
    }
    Result<std::vector<providers::Fact>> whoami(const Profile& /*profile*/,
                                                const Session& /*session*/,
                                                std::stop_token /*stop*/) override {
        return std::vector<providers::Fact>();
    }
    [[nodiscard]] CredentialPtr credential(const Profile& profile,
                                           const Session& session) const override {
        Credential::Parts parts;
        parts.token = session.access_token.clone();
        parts.profile = profile.name.text();
        parts.version = session.version;
        if (session.lifespan) {
            parts.expires_at =
                std::chrono::floor<std::chrono::seconds>(session.lifespan->expires_at());
        }
        return std::make_shared<const Credential>(std::move(parts));
    }
    [[nodiscard]] Result<> check(const Profile& /*profile*/) const override { return {}; }

  private:
    Span random_span(Span below) {
        return Span(static_cast<Span::rep>(dice_() % static_cast<std::uint64_t>(below.count())));
    }

    [[nodiscard]] Session made(int number, std::uint64_t counter, Span lifetime) const {
        Session session;
        session.version = {"00000000000000000000000000000001", counter};
        session.provider = "fleet";
        session.issuer = "https://issuer-" + std::to_string(number % options_.issuers) + ".test";
        session.client_id = "fleet";
        session.token_endpoint = session.issuer + "/token";
        const auto text = std::to_string(number) + "." + std::to_string(counter);
        session.access_token = Secret("access-" + text);
        session.refresh_token = Secret(text);
        session.lifespan = Lifespan{clock_.now(), lifetime};
        session.signed_in_at = clock_.now().wall;
        return session;
    }
    // One that was issued some time ago, so that it expires in the window.
    Session first_session(int number) {
        return made(number, 1, options_.first_expiry + random_span(options_.expiry_window));
    }

    void ask(int client) {
        const auto which =
            static_cast<int>(dice_() % static_cast<std::uint64_t>(options_.sessions));
        auto& ticket = tickets_[static_cast<std::size_t>(client)];
        ticket = engine_->credential(name_of(which), {}, [this, client](auto answer) {
            take(answer);
            loop_.at(clock_.now().boot + options_.between_asks, [this, client] { ask(client); });
        });
    }
    void take(const Result<CredentialPtr>& answer) {
        if (!answer) {
            ++score_.turned_away;
            score_.last_error = answer.error().what;
            return;
        }
        ++score_.handed_out;
        // Whole seconds, rounded down.
        const auto expires_at = (*answer)->expires_at();
        if (!expires_at || *expires_at + 1s <= clock_.now().wall) ++score_.expired;
    }

    FleetOptions options_;
    FleetScore score_;
    std::mt19937_64 dice_;
    testing::FakeRandom random_;
    testing::FakeClock clock_;
    VirtualLoop loop_{clock_};
    Shelf shelf_;
    std::unordered_map<std::string, Issuer> issuers_;
    std::unordered_map<int, std::uint64_t>
        newest_;  // Refresh token of each session, as its issuer has it.
    std::unique_ptr<session::Engine> engine_;
    std::vector<std::unique_ptr<session::Ticket>> tickets_;
};

providers::Renewal Fleet::World::renew(const Profile& /*profile*/, const Session& session,
                                       std::stop_token /*stop*/) {
    ++score_.renewals;
    auto& issuer = issuers_[session.issuer];
    if (!issuer.takes(options_.rate, clock_.now().boot)) ++score_.over_limit;
    score_.most_in_a_second = std::max(score_.most_in_a_second, issuer.this_second());

    const auto presented = session.refresh_token ? session.refresh_token->reveal() : "0.0";
    const auto dot = presented.find('.');
    const int number = std::stoi(std::string(presented.substr(0, dot)));
    const auto counter = std::stoull(std::string(presented.substr(dot + 1)));
    auto& newest = newest_.try_emplace(number, 1).first->second;
    if (counter != newest) ++score_.reused_tokens;
    newest = counter + 1;
    return {providers::Renewed{made(number, newest, options_.lifetime)}, {}};
}

Fleet::Fleet(FleetOptions options) : world_(std::make_unique<World>(options)) {}
Fleet::~Fleet() = default;
void Fleet::start() { world_->start(); }
void Fleet::pass(Span span) { world_->pass(span); }
const FleetScore& Fleet::score() const { return world_->score(); }
FleetStatus Fleet::status() const { return world_->status(); }

std::size_t Fleet::allocated() {
    const auto use = ::mallinfo2();
    return use.uordblks + use.hblkhd;
}

}  // namespace hearth::load
