#include "simulation/process.hpp"

#include <algorithm>
#include <utility>

#include "simulation/account.hpp"
#include "simulation/shelf.hpp"
#include "simulation/wire.hpp"

namespace hearth::simulation {

using namespace std::chrono_literals;

Process::Process(Scene& scene, Host& host, const Witness& witness, Promises& promises, int number,
                 std::string role)
    : scene_(scene),
      host_(host),
      promises_(promises),
      number_(number),
      name_(host.name() + '/' + std::move(role) + std::to_string(number)),
      random_(scene.dice.bits()),
      shelf_(std::make_unique<Shelf>(*this, promises)),
      wire_(std::make_unique<Wire>(*this, witness, promises)),
      account_(std::make_unique<Account>(*this, witness.issuer, *wire_, random_)) {}

Process::~Process() = default;

void Process::begin() {
    session::Engine::Ports ports{.clock = host_,
                                 .random = random_,
                                 .loop = *this,
                                 .workers = *this,
                                 .locks = *shelf_,
                                 .journals = *shelf_,
                                 .store = *shelf_,
                                 .providers = {{"oidc", account_.get()}},
                                 .store_name = "simulated",
                                 .process = number_};
    auto settings = host_.settings;
    promises_.bounded.limit(number_, settings.rate);
    if (scene_.plant == Plant::limit_ignored) settings.rate = {.per_second = 1e6, .burst = 1e6};
    engine_ = std::make_unique<session::Engine>(std::move(ports), std::move(settings));
    subscription_ = engine_->subscribe([this](const session::Event& event) {
        if (event.kind == session::Event::Kind::adopted) scene_.reached(Reached::adopted);
        scene_.trace.note(name_, event.profile.text(), ": ", to_string(event.kind),
                          event.text.empty() ? "" : ", ", event.text);
    });
}

void Process::die() {
    if (!alive_) return;
    alive_ = false;
    // Its threads first, since their work refers to everything else.
    for (auto& errand : errands_) errand.fiber.reset();
    errands_.clear();
    loop_.clear();
    timers_.clear();
    waiting_.clear();
    engine_.reset();
    subscription_.reset();
    loop_.clear();
    host_.installation.free_locks_of(number_);
    promises_.died(number_);
}

void Process::later(Span span, Timeline::Task task) {
    host_.in(span, [weak = weak_from_this(), task = std::move(task)]() mutable {
        if (const auto self = weak.lock(); self && self->alive_) task();
    });
}

// ---- The loop.

void Process::post(Task task) {
    if (!alive_) return;
    loop_.push_back({std::move(task), scene_.timeline.now()});
    wake_loop();
}

void Process::wake_loop() {
    if (loop_awake_ || loop_.empty()) return;
    loop_awake_ = true;
    const bool busy = scene_.dice.chance(0.02);
    later(busy ? scene_.dice.between(1ms, 80ms) : 0ms, [this] {
        loop_awake_ = false;
        run_loop();
    });
}

void Process::run_loop() {
    if (loop_.empty()) return;
    auto next = std::move(loop_.front());
    loop_.pop_front();
    posted_at_ = next.posted_at;
    next.task();
    wake_loop();
}

session::Loop::TimerId Process::at(Span boot, Task task) {
    const auto id = next_timer_++;
    timers_.emplace(id, std::move(task));
    const Span now = host_.now().boot;
    const Span wait = boot <= now ? Span{} : boot - now;
    later(wait, [this, id] {
        const auto found = timers_.find(id);
        if (found == timers_.end()) return;
        auto due = std::move(found->second);
        timers_.erase(found);
        post(std::move(due));
    });
    return id;
}

// ---- The threads.

void Process::next_errand(Errand::Purpose purpose, bool may_switch) {
    planned_.purpose = purpose;
    planned_.may_switch = may_switch;
}

void Process::run(session::Work kind, Task task) {
    if (!alive_) return;
    const auto plan = std::exchange(planned_, Errand{});
    Errand errand{
        .kind = kind, .purpose = plan.purpose, .may_switch = plan.may_switch, .fiber = {}};
    next_[kind].push_back(std::move(errand));
    waiting_[kind].push_back(std::move(task));
    later(scene_.dice.chance(0.1) ? scene_.dice.between(0ms, 5ms) : 0ms,
          [this, kind] { start_next(kind); });
}

void Process::start_next(session::Work kind) {
    auto& tasks = waiting_[kind];
    if (tasks.empty()) return;
    auto& errand = errands_.emplace_back(std::move(next_[kind].front()));
    next_[kind].pop_front();
    errand.fiber = std::make_unique<Fiber>(scene_.stacks, std::move(tasks.front()));
    tasks.pop_front();
    resume(errand);
}

void Process::resume(Errand& errand) {
    current_ = &errand;
    errand.fiber->resume();
    current_ = nullptr;
    if (errand.fiber->done()) errands_.remove_if([&](const auto& one) { return &one == &errand; });
}

void Process::rest(Span span) {
    auto* const errand = current_;
    if (errand == nullptr) return;
    later(span, [this, errand] { resume(*errand); });
    errand->fiber->rest();
}

void Process::peril(Reached where) {
    auto* const errand = current_;
    if (errand == nullptr || !scene_.dice.chance(scene_.climate.crash)) return;
    scene_.reached(where);
    later(0ms, [this, where] {
        scene_.trace.note(name_, "is killed: ", to_string(where));
        die();
    });
    errand->fiber->rest();
}

}  // namespace hearth::simulation
