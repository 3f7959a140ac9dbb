#include "simulation/world.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth::simulation {

using namespace std::chrono_literals;

namespace {

Issuer::Rules draw_rules(Dice& dice) {
    static constexpr std::array<Span, 5> lifetimes{40s, 10min, 1h, 1h, 8h};
    static constexpr std::array<Span, 4> leeways{0s, 0s, 10s, 2min};
    return {.rotates = dice.chance(0.8),
            .revokes_on_reuse = dice.chance(0.8),
            .leeway = dice.pick(leeways),
            .lifetime = dice.pick(lifetimes)};
}

// A person who looks on.
class Onlooker final : public providers::Person {
  public:
    void show(const providers::Prompt& /*prompt*/) override {}
    void on_paste(std::function<void(Secret)> /*receive*/) override {}
};

}  // namespace

std::shared_ptr<const Profile> draw_profile(Dice& dice, const std::string& name,
                                            const std::string& session) {
    static constexpr std::array<Span, 4> early{5min, 5min, 1min, 15min};
    static constexpr std::array<Span, 4> least{60s, 60s, 10s, 5min};
    Profile profile{
        .name = *Name::parse(name), .session = *Name::parse(session), .provider = "oidc"};
    profile.issuer = "https://issuer.test";
    profile.client_id = "simulated";
    profile.renewal = {.refresh_before = dice.pick(early), .min_remaining = dice.pick(least)};
    return std::make_shared<const Profile>(std::move(profile));
}

World::World(Scene& scene) : scene_(scene), issuer_(scene, draw_rules(scene.dice)) {
    const auto count = 1 + scene_.dice.below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
        hosts_.push_back(std::make_unique<Host>(scene_, static_cast<int>(i + 1)));
        furnish(*hosts_.back());
    }
}

World::~World() {
    for (const auto& one : running_) one.process->die();
}

void World::furnish(Host& host) {
    auto& dice = scene_.dice;
    const auto count = 1 + dice.below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string name = "p" + std::to_string(i + 1);
        const bool shares = i > 0 && dice.chance(0.2);
        host.settings.profiles.emplace(*Name::parse(name),
                                       draw_profile(dice, name, shares ? "p1" : name));
    }
    if (dice.chance(0.3)) host.settings.rate = {.per_second = 0.2, .burst = 2};
    const auto agent = start(host, "agent", Keeps::yes);
    if (dice.chance(0.5)) (void)start(host, "program", Keeps::yes);
    for (const auto& [name, profile] : host.settings.profiles)
        sign_in(*agent, name, false, dice.chance(0.03));
}

std::shared_ptr<Process> World::start(Host& host, const std::string& role, Keeps keeps) {
    if (host.asleep() || host.off()) return nullptr;
    bury();
    auto process =
        std::make_shared<Process>(scene_, host, witness_, promises_, next_process_++, role);
    running_.push_back({process, keeps == Keeps::yes});
    process->begin();
    process->engine().start();
    if (keeps == Keeps::yes) process->engine().keep();
    scene_.trace.note(process->name(), "starts");
    return process;
}

void World::bury() {
    std::erase_if(running_, [&](const Running& one) {
        if (one.process->alive()) return false;
        callers_.died(one.process->number());
        return true;
    });
}

void World::kill(Process& process) {
    if (!process.alive()) return;
    ++crashes_;
    scene_.trace.note(process.name(), "is killed");
    process.die();
}

void World::stop(Process& process, int patience) {
    if (patience == 0 || !process.engine().busy()) {
        scene_.trace.note(process.name(), "ends");
        return process.die();
    }
    process.later(250ms, [this, &process, patience] { stop(process, patience - 1); });
}

void World::sign_in(Process& process, const ProfileName& profile, bool may_switch, bool with_key) {
    session::SignInRequest request{.options = {}, .switch_account = may_switch, .token = {}};
    if (with_key) {
        scene_.reached(Reached::key_given);
        request.token = Secret("key-" + std::to_string(scene_.dice.below(1000)));
    }
    scene_.trace.note(process.name(), "signs in to ", profile.text(),
                      may_switch ? ", whoever it is" : "");
    process.next_errand(Errand::Purpose::sign_in, may_switch);
    auto ticket = std::make_shared<std::unique_ptr<session::Ticket>>();
    *ticket = process.engine().sign_in(
        profile, std::move(request), std::make_shared<Onlooker>(),
        [this, &process, ticket](const Result<session::SignedIn>& result) {
            scene_.trace.note(process.name(), "signed in: ",
                              result ? result->account.subject : result.error().what);
            if (result) scene_.reached(Reached::signed_in);
            if (!result && result.error().remedy == Remedy::refused)
                scene_.reached(Reached::sign_in_refused);
        });
    process.next_errand(Errand::Purpose::keep);
    // Now and then the person changes their mind.
    if (scene_.dice.chance(0.1))
        process.later(scene_.dice.between(0s, 4min), [ticket] { ticket->reset(); });
}

void World::sign_out(Process& process, const ProfileName& profile) {
    scene_.trace.note(process.name(), "signs out of ", profile.text());
    process.next_errand(Errand::Purpose::sign_out);
    process.engine().sign_out(profile, [this, &process](const Result<>& result) {
        scene_.trace.note(process.name(),
                          "signed out: ", result ? std::string("done") : result.error().what);
        scene_.reached(Reached::signed_out);
    });
    process.next_errand(Errand::Purpose::keep);
}

std::vector<Process*> World::processes() {
    std::vector<Process*> all;
    for (const auto& one : running_) {
        if (one.process->alive() && !one.process->host().asleep()) all.push_back(one.process.get());
    }
    return all;
}

std::vector<Process*> World::agents(const Host& host) {
    std::vector<Process*> all;
    for (const auto& one : running_) {
        if (one.keeps && one.process->alive() && &one.process->host() == &host)
            all.push_back(one.process.get());
    }
    return all;
}

}  // namespace hearth::simulation
