#include "support/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "session/codec.hpp"

namespace hearth::testing {

using session::HeldLock;
using session::Journal;
using session::Loop;
using session::Work;

// ---- The provider.

Session FakeProvider::issue() {
    ++generation_;
    Session session;
    session.provider = "fake";
    session.issuer = "https://issuer.test";
    session.access_token = Secret("access-" + std::to_string(generation_));
    if (renewable) session.refresh_token = Secret("refresh-" + std::to_string(generation_));
    session.lifespan = Lifespan{clock_.now(), lifetime};
    session.account.subject = account;
    return session;
}

Session FakeProvider::same(Span left) {
    --generation_;
    auto session = issue();
    session.lifespan->lifetime = left;
    return session;
}

Result<Session> FakeProvider::sign_in(const Profile&, const providers::SignInOptions&,
                                      providers::Person& person, std::stop_token stop) {
    person.show(providers::OpenBrowser{"https://issuer.test/authorize"});
    if (stop.stop_requested()) return std::unexpected(Error{Remedy::failed, "cancelled", ""});
    ++sign_ins;
    family_revoked = false;
    return issue();
}

Result<Session> FakeProvider::adopt(const Profile&, Secret token) {
    Session session;
    session.provider = "fake";
    session.issuer = "https://issuer.test";
    session.kind = Credential::Kind::api_key;
    session.access_token = std::move(token);
    return session;
}

providers::Renewal FakeProvider::make() {
    providers::NotRenewed not_made{{Remedy::failed, "it is not there", "put it there"}};
    if (mood == Mood::finds_nothing) {
        not_made.look_again = std::chrono::seconds(2);
        not_made.ours = true;
        return {std::move(not_made), {}};
    }
    if (mood == Mood::refuses_client) {
        not_made.error.what = "it was refused";
        not_made.look_again = std::chrono::minutes(1);
        return {std::move(not_made), {}};
    }
    if (mood == Mood::unavailable)
        return {providers::NotRenewed{{Remedy::unreachable, "no answer", ""}, true, retry_after},
                {}};
    const Span left = ends_ - clock_.now().boot;
    auto made = left > clings && clings > Span{} ? same(left) : issue();
    if (made.lifespan->lifetime == lifetime) ends_ = clock_.now().boot + lifetime;
    made.refresh_token.reset();
    made.unattended = true;
    if (!made_of.empty()) made.facts[providers::basis_fact] = made_of;
    return {providers::Renewed{std::move(made)}, {}};
}

providers::Renewal FakeProvider::renew(const Profile&, const Session& session, std::stop_token) {
    const Error error{Remedy::unreachable, "issuer.test does not answer", ""};
    if (mood == Mood::drops_before) return {providers::AnswerLost{error}, {}};
    ++renewals;
    if (alone) return make();
    if (mood == Mood::unavailable) return {providers::NotRenewed{error, true, retry_after}, {}};
    if (mood == Mood::refuses_client)
        return {providers::NotRenewed{{Remedy::failed, "invalid_client", ""}, false, {}}, {}};
    const int presented = std::stoi(std::string(session.refresh_token->reveal()).substr(8));
    if (presented < generation_ - leeway) family_revoked = true;
    if (family_revoked)
        return {providers::GrantInvalid{{Remedy::sign_in, "issuer.test says invalid_grant", ""}},
                {}};
    auto renewed = issue();
    if (mood == Mood::drops_after) return {providers::AnswerLost{error}, {}};
    return {providers::Renewed{std::move(renewed)}, {}};
}

CredentialPtr FakeProvider::credential(const Profile& profile, const Session& session) const {
    Credential::Parts parts;
    parts.kind = session.kind;
    parts.token = session.access_token.clone();
    parts.profile = profile.name.text();
    parts.version = session.version;
    if (session.lifespan)
        parts.expires_at = std::chrono::floor<std::chrono::seconds>(session.lifespan->expires_at());
    return std::make_shared<const Credential>(std::move(parts));
}

// ---- What processes share.

struct World::Shared {
    struct Timer {
        Span boot;
        Loop::TimerId id;
        Loop::Task task;
    };
    struct Queue {
        std::deque<Loop::Task> tasks;
        std::vector<Timer> timers;
        std::function<void(SessionId)> watch;
        bool dead = false;
    };
    std::map<std::string, int> held;  // Lock name to process number.
    std::map<int, Queue> queues;
    std::map<int, std::unique_ptr<Process>> processes;
    Loop::TimerId next_timer = 1;
};

namespace {

class FakeLock : public HeldLock {
  public:
    FakeLock(std::map<std::string, int>& held, std::string name)
        : held_(held), name_(std::move(name)) {}
    FakeLock(const FakeLock&) = delete;
    FakeLock& operator=(const FakeLock&) = delete;
    ~FakeLock() override { held_.erase(name_); }

  private:
    std::map<std::string, int>& held_;
    std::string name_;
};

}  // namespace

class World::Process::Ports : public Loop,
                              public session::Workers,
                              public session::Locks,
                              public session::Journals,
                              public stores::Store {
  public:
    Ports(World& world, Shared& shared, int number)
        : world_(world), shared_(shared), number_(number) {}

    // Loop
    void post(Task task) override { queue().tasks.push_back(std::move(task)); }
    TimerId at(Span boot, Task task) override {
        const auto id = shared_.next_timer++;
        queue().timers.push_back({boot, id, std::move(task)});
        return id;
    }
    void cancel(TimerId timer) override {
        std::erase_if(queue().timers, [&](const auto& one) { return one.id == timer; });
    }
    // Workers
    void run(Work, Task task) override { queue().tasks.push_back(std::move(task)); }
    // Locks
    Result<std::unique_ptr<HeldLock>> try_acquire(const SessionId& id) override {
        return take("session " + id.text());
    }
    Result<std::unique_ptr<HeldLock>> try_acquire_sign_in(const ProfileName& name) override {
        return take("sign-in " + name.text());
    }
    // Journals
    Result<Journal> read(const SessionId& id) override {
        if (world_.journal_fails) return std::unexpected(*world_.journal_fails);
        if (world_.journal_unreadable) return std::unexpected(*world_.journal_unreadable);
        return world_.journals[id];
    }
    Result<> write(const SessionId& id, const Journal& journal) override {
        if (world_.journal_fails) return std::unexpected(*world_.journal_fails);
        world_.journals[id] = journal;
        for (auto& [number, other] : shared_.queues) {
            if (!other.dead && other.watch && !world_.untold) other.watch(id);
        }
        return {};
    }
    Result<std::unique_ptr<Watch>> watch(std::function<void(SessionId)> changed) override {
        queue().watch = std::move(changed);
        return std::make_unique<Watch>();
    }
    // Store
    stores::StoreResult<std::optional<Secret>> load(const SessionId& id) override {
        ++world_.loads;
        if (world_.load_fails) return std::unexpected(*world_.load_fails);
        const auto found = world_.documents.find(id);
        if (found == world_.documents.end()) return std::optional<Secret>();
        return std::optional<Secret>(Secret(found->second));
    }
    stores::StoreResult<> save(const SessionId& id, const Secret& document) override {
        if (world_.save_fails) return std::unexpected(*world_.save_fails);
        ++world_.saves;
        world_.documents[id] = document.reveal();
        if (world_.save_lands_unseen) {
            return std::unexpected(stores::StoreError{
                stores::Fault::timed_out, {Remedy::store_locked, "no answer in time", ""}});
        }
        return {};
    }
    stores::StoreResult<> erase(const SessionId& id) override {
        world_.documents.erase(id);
        return {};
    }
    stores::StoreResult<std::vector<SessionId>> list() override { return std::vector<SessionId>{}; }
    stores::StoreResult<> probe() override {
        if (world_.save_fails) return std::unexpected(*world_.save_fails);
        return {};
    }
    stores::StoreResult<> unlock(const Secret&) override { return {}; }
    void lock() override {}
    [[nodiscard]] std::string describe() const override { return "a map"; }

    Shared::Queue& queue() { return shared_.queues[number_]; }

  private:
    Result<std::unique_ptr<HeldLock>> take(const std::string& name) {
        if (!shared_.held.emplace(name, number_).second) {
            if (world_.when_busy) world_.when_busy();
            return std::unique_ptr<HeldLock>();
        }
        return std::make_unique<FakeLock>(shared_.held, name);
    }

    World& world_;
    Shared& shared_;
    int number_;
};

World::Process::Process(World& world, Shared& shared, int number)
    : ports_(std::make_unique<Ports>(world, shared, number)) {
    session::Engine::Ports ports{.clock = world.clock,
                                 .random = world.random,
                                 .loop = *ports_,
                                 .workers = *ports_,
                                 .locks = *ports_,
                                 .journals = *ports_,
                                 .store = *ports_,
                                 .providers = {{"fake", &world.provider}},
                                 .store_name = "memory",
                                 .process = number};
    engine_ = std::make_unique<session::Engine>(std::move(ports), world.settings);
    subscription_ =
        engine_->subscribe([this](const session::Event& event) { events_.push_back(event); });
}

World::Process::~Process() = default;

std::shared_ptr<std::optional<Result<CredentialPtr>>> World::Process::begin_ask(
    session::Demand demand) {
    auto answer = std::make_shared<std::optional<Result<CredentialPtr>>>();
    tickets_.push_back(engine_->credential(
        id(), demand, [answer](Result<CredentialPtr> result) { *answer = std::move(result); }));
    return answer;
}

// ---- The world.

World::World() : shared_(std::make_unique<Shared>()) {
    Profile profile{.name = id(), .session = id(), .provider = "fake"};
    settings.profiles.emplace(id(), std::make_shared<const Profile>(profile));
}

World::~World() {
    // Tasks hold keepers, keepers hold locks: in this order nothing looks back.
    for (auto& [number, queue] : shared_->queues) {
        queue.tasks.clear();
        queue.timers.clear();
    }
    shared_->processes.clear();
}

World::Process& World::start(bool keep) {
    const int number = static_cast<int>(shared_->processes.size()) + 1;
    auto& process =
        *shared_->processes.emplace(number, std::make_unique<Process>(*this, *shared_, number))
             .first->second;
    process.engine().start();
    if (keep) process.engine().keep();
    return process;
}

void World::kill(Process& process) {
    auto& queue = process.ports_->queue();
    queue.dead = true;
    queue.tasks.clear();
    queue.timers.clear();
    queue.watch = nullptr;
    const auto number = std::ranges::find_if(shared_->processes, [&](const auto& one) {
                            return one.second.get() == &process;
                        })->first;
    process.tickets_.clear();
    process.subscription_.reset();
    process.engine_.reset();
    queue.tasks.clear();
    std::erase_if(shared_->held, [&](const auto& one) { return one.second == number; });
}

bool World::step(Process& process) {
    auto& queue = process.ports_->queue();
    if (queue.dead) return false;
    if (!queue.tasks.empty()) {
        auto task = std::move(queue.tasks.front());
        queue.tasks.pop_front();
        task();
        return true;
    }
    const auto due = std::ranges::find_if(
        queue.timers, [&](const auto& one) { return one.boot <= clock.now().boot; });
    if (due == queue.timers.end()) return false;
    auto task = std::move(due->task);
    queue.timers.erase(due);
    task();
    return true;
}

void World::settle(int limit) {
    for (bool moved = true; moved;) {
        moved = false;
        for (auto& [number, process] : shared_->processes) {
            while (step(*process)) {
                moved = true;
                if (--limit < 0) throw std::runtime_error("the world does not come to rest");
            }
        }
    }
}

void World::pass(Span span) {
    const Span end = clock.now().boot + span;
    settle();
    while (true) {
        Span next = end;
        for (auto& [number, queue] : shared_->queues) {
            for (const auto& timer : queue.timers) next = std::min(next, timer.boot);
        }
        if (next > clock.now().boot) clock.advance(next - clock.now().boot);
        settle();
        if (clock.now().boot >= end) return;
    }
}

Result<CredentialPtr> World::ask(Process& process, session::Demand demand) {
    const auto answer = process.begin_ask(demand);
    settle();
    for (int i = 0; i < 100 && !answer->has_value(); ++i) pass(std::chrono::milliseconds(200));
    if (!answer->has_value()) throw std::runtime_error("nobody answered");
    return **answer;
}

void World::sign_in(Process& process) {
    std::optional<Result<session::SignedIn>> result;
    const auto ticket = process.engine().sign_in(
        id(), {}, std::make_shared<SilentPerson>(),
        [&](Result<session::SignedIn> signed_in) { result = std::move(signed_in); });
    settle();
    if (!result || !*result) throw std::runtime_error("the sign-in failed");
}

Session World::stored() const { return *session::decode(documents.at(id())); }

}  // namespace hearth::testing
