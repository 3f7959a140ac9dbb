#include "simulation/moves.hpp"

#include <array>
#include <numeric>

namespace hearth::simulation {

using namespace std::chrono_literals;

Moves::Moves(World& world) : world_(world), scene_(world.scene()), dice_(world.scene().dice) {}

void Moves::begin() {
    next();
    // A renewal is short; most of what can go wrong goes wrong around it.
    scene_.on_renewal = [this] {
        if (stopped_ || !dice_.chance(0.1)) return;
        const auto count = 1 + dice_.below(4);
        for (std::uint64_t i = 0; i < count; ++i)
            scene_.timeline.in(dice_.between(0ms, 600ms), [this] { make_one(); });
    };
}

Span Moves::gap() {
    const auto kind = dice_.below(10);
    if (kind < 4) return dice_.between(0ms, 2s);
    if (kind < 7) return dice_.between(2s, 10min);
    return dice_.between(10min, 6h);
}

void Moves::next() {
    scene_.timeline.in(gap(), [this] {
        if (stopped_) return;
        make_one();
        next();
    });
}

void Moves::make_one() {
    static constexpr std::array<Move, 24> moves{{
        {.weight = 60, .make = &Moves::ask},
        {.weight = 30, .make = &Moves::run_once},
        {.weight = 8, .make = &Moves::reject},
        {.weight = 5, .make = &Moves::leave},
        {.weight = 4, .make = &Moves::start_program},
        {.weight = 8, .make = &Moves::sign_in},
        {.weight = 3, .make = &Moves::sign_out},
        {.weight = 2, .make = &Moves::switch_account},
        {.weight = 3, .make = &Moves::change_settings},
        {.weight = 2, .make = &Moves::remove_profile},
        {.weight = 2, .make = &Moves::lock_store},
        {.weight = 1, .make = &Moves::revoke_at_provider},
        {.weight = 2, .make = &Moves::stop_agent},
        {.weight = 5, .make = &Moves::crash},
        {.weight = 2, .make = &Moves::reboot},
        {.weight = 4, .make = &Moves::suspend},
        {.weight = 3, .make = &Moves::set_clock},
        {.weight = 3, .make = &Moves::shut_store},
        {.weight = 3, .make = &Moves::fill_disk},
        {.weight = 3, .make = &Moves::cut_network},
        {.weight = 3, .make = &Moves::take_provider_down},
        {.weight = 3, .make = &Moves::change_weather},
        {.weight = 20, .make = &Moves::restart_agents},
        {.weight = 0, .make = &Moves::ask},
    }};
    static constexpr unsigned all =
        std::accumulate(moves.begin(), moves.end(), 0U,
                        [](unsigned sum, const Move& one) { return sum + one.weight; });
    if (stopped_) return;
    auto left = dice_.below(all);
    for (const auto& move : moves) {
        if (left < move.weight) return (this->*move.make)();
        left -= move.weight;
    }
}

Process* Moves::some_process() {
    const auto all = world_.processes();
    return all.empty() ? nullptr : dice_.pick(all);
}

Host& Moves::some_host() { return *dice_.pick(world_.hosts()); }

ProfileName Moves::some_profile(Process& process) {
    const auto& profiles = process.host().settings.profiles;
    if (profiles.empty()) return *Name::parse("p1");
    auto one = profiles.begin();
    std::advance(one, static_cast<std::ptrdiff_t>(dice_.below(profiles.size())));
    return one->first;
}

session::Demand Moves::some_demand() {
    static constexpr std::array<Span, 4> patience{10s, 10s, 1s, 30s};
    session::Demand demand{.min_remaining = {}, .patience = dice_.pick(patience)};
    if (dice_.chance(0.3)) {
        scene_.reached(Reached::asked_more_life);
        demand.min_remaining = dice_.between(1s, world_.issuer().rules().lifetime * 11 / 10);
    }
    return demand;
}

// ---- Programs.

void Moves::ask() {
    auto* const process = some_process();
    if (process == nullptr) return;
    const auto times = dice_.chance(0.1) ? 5U : 1U;
    for (unsigned i = 0; i < times; ++i)
        world_.callers().ask(*process, some_profile(*process), some_demand());
}

void Moves::run_once() {
    auto& host = some_host();
    const auto count = dice_.chance(0.15) ? 2 + dice_.below(6) : 1;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto process = world_.start(host, "once", World::Keeps::no);
        if (!process) return;
        scene_.reached(Reached::one_shot);
        auto* const raw = process.get();
        world_.callers().ask(*process, some_profile(*process), some_demand(),
                             [this, raw](bool) { world_.stop(*raw); });
    }
}

void Moves::reject() {
    auto* const process = some_process();
    if (process == nullptr) return;
    const auto profile = some_profile(*process);
    const auto token = world_.callers().last(*process, profile);
    if (!token) return;
    scene_.reached(Reached::rejected);
    world_.callers().reject(*process, profile, *token, some_demand());
}

void Moves::leave() {
    if (auto* const process = some_process()) world_.callers().leave(*process);
}

void Moves::start_program() { (void)world_.start(some_host(), "program", World::Keeps::yes); }

// ---- Users.

void Moves::sign_in() {
    auto* const process = some_process();
    if (process == nullptr) return;
    world_.sign_in(*process, some_profile(*process), false, dice_.chance(0.05));
}

void Moves::sign_out() {
    auto* const process = some_process();
    if (process != nullptr) world_.sign_out(*process, some_profile(*process));
}

void Moves::switch_account() {
    auto* const process = some_process();
    if (process == nullptr) return;
    auto& person = process->host().person;
    person = person == "alice" ? "bob" : "alice";
    scene_.reached(Reached::account_switched);
    world_.sign_in(*process, some_profile(*process), dice_.chance(0.6), false);
}

void Moves::configure(Host& host) {
    for (auto* const agent : world_.agents(host)) {
        agent->later(dice_.between(0ms, 2s), [this, agent, &host] {
            auto settings = host.settings;
            world_.promises().bounded.limit(agent->number(), settings.rate);
            if (scene_.plant == Plant::limit_ignored)
                settings.rate = {.per_second = 1e6, .burst = 1e6};
            agent->engine().configure(std::move(settings));
            scene_.trace.note(agent->name(), "takes new settings");
        });
    }
}

void Moves::change_settings() {
    auto& host = some_host();
    for (auto& [name, profile] : host.settings.profiles)
        profile = draw_profile(dice_, name.text(), profile->session.text());
    scene_.reached(Reached::settings_changed);
    configure(host);
}

void Moves::remove_profile() {
    auto& host = some_host();
    auto& profiles = host.settings.profiles;
    const auto name = *Name::parse("p" + std::to_string(1 + dice_.below(3)));
    if (profiles.contains(name)) {
        if (profiles.size() == 1) return;
        scene_.reached(Reached::profile_removed);
        profiles.erase(name);
    } else {
        scene_.reached(Reached::profile_back);
        profiles.emplace(name, draw_profile(dice_, name.text(), name.text()));
    }
    configure(host);
}

void Moves::lock_store() {
    auto* const process = some_process();
    if (process == nullptr) return;
    scene_.reached(Reached::agent_locked);
    scene_.trace.note(process->name(), "locks its store");
    process->engine().lock_store();
    process->later(dice_.between(1s, 2h), [process] {
        process->next_errand(Errand::Purpose::other);
        process->engine().unlock_store(Secret("passphrase"), [](const Result<>&) {});
        process->next_errand(Errand::Purpose::keep);
    });
}

void Moves::revoke_at_provider() {
    if (world_.issuer().families() == 0) return;
    const auto family = dice_.below(world_.issuer().families());
    scene_.reached(Reached::revoked_by_user);
    scene_.trace.note("user", "revokes family ", family, " at the provider");
    ++world_.ledgers().of(world_.issuer().family(family).place).mishaps;
    world_.issuer().revoke(family, Issuer::End::by_user);
}

void Moves::stop_agent() {
    const auto agents = world_.agents(some_host());
    if (agents.empty()) return;
    scene_.reached(Reached::agent_stopped);
    auto* const agent = dice_.pick(agents);
    agent->later(0ms, [this, agent] { world_.stop(*agent); });
}

}  // namespace hearth::simulation
