// What the agent does at its limits: it lives, serves the others, and says what is wrong.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "agent/listening_socket.hpp"
#include "agent/server.hpp"
#include "composition/composition.hpp"
#include "running_agent.hpp"
#include "system/clock.hpp"

namespace hearth::testing {
namespace {

constexpr auto hello = R"({"op":"hello"})";
constexpr std::size_t most_clients = agent::Server::Limits{}.connections;

bool serves(Client& client) { return client.answer(hello).has("ok"); }

// Without a socket where nobody listens, which has been told as a failure.
Client client_of(std::optional<Client> connected) {
    EXPECT_TRUE(connected);
    return connected ? *std::move(connected) : Client(-1);
}

bool serves_another(const auto& server) {
    auto client = server.client();
    return serves(client);
}

// Asks again and again; false when half a minute was not enough.
bool soon(const std::function<bool()>& happened) {
    for (int i = 0; i < 3000; ++i) {
        if (happened()) return true;
        ::usleep(10'000);
    }
    return false;
}

Client connect_soon(const std::string& runtime_folder) {
    std::optional<Client> client;
    (void)soon([&] {
        if (auto found = Client::connect(runtime_folder)) client.emplace(*std::move(found));
        return client.has_value();
    });
    return client_of(std::move(client));
}

// As many descriptors for this process, and for the agents that it starts.
class OpenFiles {
  public:
    explicit OpenFiles(rlim_t count) {
        (void)::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit wanted{.rlim_cur = count, .rlim_max = before_.rlim_max};
        enough_ = ::setrlimit(RLIMIT_NOFILE, &wanted) == 0;
    }
    OpenFiles(const OpenFiles&) = delete;
    OpenFiles& operator=(const OpenFiles&) = delete;
    ~OpenFiles() { (void)::setrlimit(RLIMIT_NOFILE, &before_); }
    [[nodiscard]] bool enough() const { return enough_; }

  private:
    rlimit before_{};
    bool enough_ = false;
};

TEST(Limits, the_client_after_the_ten_thousandth_is_told_so_and_the_others_are_served) {
    const OpenFiles files(most_clients + 500);
    if (!files.enough()) GTEST_SKIP() << "this process may not open so many files";
    const RunningAgent agent;
    std::vector<Client> clients;
    while (clients.size() < most_clients) clients.push_back(agent.client());
    ASSERT_TRUE(serves(clients.back()));

    auto refused = agent.client();
    EXPECT_NE(refused.line().find("10000 clients, and no more"), std::string::npos);
    EXPECT_TRUE(refused.closed());
    EXPECT_TRUE(serves(clients.front()));
    const auto status = clients.front().answer(R"({"op":"agent_status"})").object("ok");
    EXPECT_EQ(status.number("connections"), static_cast<std::int64_t>(most_clients));

    clients.pop_back();
    // The agent hears of it in its own time.
    bool served = false;
    while (!served && !HasFailure()) {
        auto next = agent.client();
        served = next.answer(hello).has("ok");
    }
    clients.clear();
}

// A server in this process, with limits that a test can reach: of four clients, whoever is idle
// goes once there are three, and so does whoever does not read.
class SmallServer {
  public:
    SmallServer() {
        write_file(folder_.path() + "/config.toml",
                   "[store]\nkind = \"memory\"\n\n[profiles.key]\nprovider = \"claude\"\n");
        auto settings = config_.load();
        composition_ = *composition::Composition::make(places_, *settings, loop_, ::getpid());
        helpers_ = std::make_unique<agent::Helpers>(*composition_, loop_, clock_);
        refreshes_ = std::make_unique<agent::AuthRefreshes>(*composition_, loop_, clock_);
        sinks_ = std::make_unique<agent::Sinks>(composition_->engine(), loop_, clock_, log_,
                                                Descriptor());
        service_ = std::make_unique<agent::Service>(
            agent::Service{.composition = *composition_,
                           .config = config_,
                           .engine = composition_->engine(),
                           .loop = loop_,
                           .sockets = loop_,
                           .clock = clock_,
                           .audit = audit_,
                           .metrics = metrics_,
                           .log = log_,
                           .places = places_,
                           .token_lines = token_lines_,
                           .helpers = *helpers_,
                           .refreshes = *refreshes_,
                           .sinks = *sinks_,
                           .trusted = trusted_,
                           .version = "0.0.0",
                           .pid = ::getpid(),
                           .since = {},
                           .socket = places_.socket(),
                           .connections = [this] { return server_->connections(); },
                           .look_around = {},
                           .drain = {}});
        using namespace std::chrono_literals;
        server_ = std::make_unique<agent::Server>(
            loop_, *service_,
            agent::Server::Limits{.connections = 4, .idle = 1ms, .stuck = 1ms, .sweep = 1ms});
        server_->listen(*agent::bind_socket(places_));
        thread_ = std::jthread([this] { loop_.run(); });
    }
    SmallServer(const SmallServer&) = delete;
    SmallServer& operator=(const SmallServer&) = delete;
    ~SmallServer() {
        loop_.post([this] { loop_.stop(); });
        thread_.join();
    }
    [[nodiscard]] Client client() const {
        return client_of(Client::connect(places_.runtime_folder));
    }

  private:
    TemporaryFolder folder_;
    Places places_ = *places([this](std::string_view name) {
        return name == "HEARTH_HOME" ? std::optional(folder_.path()) : std::nullopt;
    });
    system::SystemClock clock_;
    agent::SocketLoop loop_;
    composition::ConfigFile config_{places_.config_file, places_.state_folder + "/config.lock"};
    composition::TrustedProjects trusted_{places_.state_folder};
    agent::Log log_{clock_, places_.agent_log(), agent::LogLevel::info};
    agent::Audit audit_{clock_, loop_, places_.state_folder + "/audit.log"};
    agent::TokenLines token_lines_;
    agent::Metrics metrics_;
    std::unique_ptr<composition::Composition> composition_;
    std::unique_ptr<agent::Helpers> helpers_;
    std::unique_ptr<agent::AuthRefreshes> refreshes_;
    std::unique_ptr<agent::Sinks> sinks_;
    std::unique_ptr<agent::Service> service_;
    std::unique_ptr<agent::Server> server_;
    std::jthread thread_;
};

TEST(Limits, a_crowded_server_lets_the_idle_go_and_keeps_who_waits_for_something) {
    const SmallServer server;
    auto listener = server.client();
    listener.ask(R"({"op":"events"})");
    auto silent = server.client();
    auto half = server.client();
    half.send(R"({"op":)");
    // They go as long as there is a crowd, which goes as well.
    std::vector<Client> crowd;
    EXPECT_TRUE(soon([&] {
        crowd.push_back(server.client());
        return silent.gone() && half.gone();
    }));
    crowd.clear();
    // With two of four places taken nobody is asked to leave.
    std::optional<Client> other;
    EXPECT_TRUE(soon([&] {
        if (!other || other->gone()) other.emplace(server.client());
        other->ask(R"({"op":"agent_status"})");
        const auto status = json::Document::parse(other->line());
        return status && status->object("ok").number("connections") == 2;
    }));
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(serves(*other));
    other->ask(std::string(R"({"op":"login","profile":"key","token":")") + api_key + "\"}");
    std::string heard;
    while (heard.find("signed_in") == std::string::npos) {
        const auto line = listener.line();
        ASSERT_FALSE(line.empty()) << "who waits for something was let go";
        heard = line;
    }
}

TEST(Limits, a_client_that_does_not_read_is_let_go_and_the_others_are_served) {
    const SmallServer server;
    auto greedy = server.client();
    // More answers than its socket holds, asked for at once; it is let go in the middle of sending.
    for (int i = 0; i < 20'000; ++i) greedy.ask(hello);
    EXPECT_TRUE(greedy.let_go());
    int answers = 0;
    while (!greedy.line().empty()) ++answers;
    EXPECT_LT(answers, 20'000);
    EXPECT_TRUE(serves_another(server));
}

// The value of a line of /proc/PID/status.
long status_of(std::int64_t process, const std::string& name) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
    }
    return -1;
}

std::size_t count_of(const std::string& text, const std::string& piece) {
    std::size_t count = 0;
    for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1))
        ++count;
    return count;
}

// Whoever checks the types of objects asks the kernel through a pipe whether memory can be read,
// and ends the program that cannot have one.
constexpr bool needs_spare_descriptors =
#ifdef __clang__
    __has_feature(undefined_behavior_sanitizer);
#else
    false;
#endif

TEST(Limits, without_descriptors_it_waits_asleep_and_then_lets_clients_in) {
    if (needs_spare_descriptors) GTEST_SKIP() << "the sanitizer itself needs descriptors";
    const RunningAgent agent;
    {
        const rlimit few{.rlim_cur = 40, .rlim_max = 40};
        ASSERT_EQ(::prlimit(static_cast<pid_t>(agent.process()), RLIMIT_NOFILE, &few, nullptr), 0);
    }
    std::vector<Client> clients;
    auto first = agent.client();
    ASSERT_TRUE(serves(first));
    // The system lets them connect; the agent cannot take them in.
    while (clients.size() < 60) clients.push_back(agent.client());
    EXPECT_TRUE(serves(first));
    // A loop that spins does not sleep, so this would not grow.
    const auto sleeps = status_of(agent.process(), "voluntary_ctxt_switches");
    EXPECT_TRUE(
        soon([&] { return status_of(agent.process(), "voluntary_ctxt_switches") >= sleeps + 5; }));

    auto last = agent.client();
    last.ask(hello);
    clients.clear();
    EXPECT_NE(last.line().find("\"ok\""), std::string::npos);
    const auto said = [&](const char* what) {
        return count_of(content(agent.home() + "/state/agent.log"), what);
    };
    EXPECT_TRUE(soon([&] { return said("all clients were let in again") == 1; }));
    EXPECT_EQ(said("too many open files"), 1U);
}

TEST(Limits, half_a_request_keeps_nobody_waiting_and_may_be_finished_later) {
    const RunningAgent agent;
    auto slow = agent.client();
    slow.send(R"({"op":)");
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(serves_another(agent));
    slow.send("\"hello\"}\n");
    EXPECT_NE(slow.line().find("\"ok\""), std::string::npos);
}

TEST(Limits, an_agent_whose_program_was_replaced_answers_who_waits_and_ends) {
    const TemporaryFolder folder;
    const auto home = folder.path() + "/home";
    write_file(home + "/config.toml",
               "[store]\nkind = \"memory\"\n\n[profiles.key]\nprovider = \"claude\"\n");
    const auto program = folder.path() + "/hearth-agent";
    std::filesystem::copy_file(HEARTH_AGENT, program);
    ASSERT_EQ(exit_status(start_agent(home, {}, -1, program)), 0);
    auto client = client_of(Client::connect(home + "/run"));
    const auto process = client.answer(hello).object("ok").number("pid").value_or(0);
    ASSERT_GT(process, 0);

    std::filesystem::copy_file(HEARTH_AGENT, program + ".new");
    std::filesystem::rename(program + ".new", program);
    // It looks every few seconds, and only when it is asked something.
    while (!HasFailure()) {
        client.ask(hello);
        const auto line = client.line();
        if (line.empty()) break;
        EXPECT_NE(line.find("\"ok\""), std::string::npos);
        ::usleep(10'000);
    }
    EXPECT_TRUE(wait_for_end(process));
    ASSERT_EQ(exit_status(start_agent(home, {}, -1, program)), 0);
    auto next = client_of(Client::connect(home + "/run"));
    EXPECT_NE(next.answer(hello).object("ok").number("pid"), process);
    next.answer(R"({"op":"agent_stop"})");
}

TEST(Limits, an_agent_whose_runtime_folder_was_removed_makes_it_anew) {
    const RunningAgent agent;
    auto old = agent.client();
    ASSERT_TRUE(serves(old));
    std::filesystem::remove_all(agent.runtime());
    EXPECT_TRUE(serves(old)) << "who was connected still is";
    auto found = connect_soon(agent.runtime());
    EXPECT_EQ(found.answer(hello).object("ok").number("pid"), agent.process());
}

TEST(Limits, an_agent_whose_socket_cannot_be_made_anew_says_so_and_tries_again) {
    const RunningAgent agent;
    auto old = agent.client();
    ASSERT_TRUE(serves(old));
    const auto away = agent.home() + "/away";
    std::filesystem::rename(agent.runtime(), away);
    write_file(agent.runtime(), "a file where the folder was");
    EXPECT_TRUE(soon([&] {
        return count_of(content(agent.home() + "/state/agent.log"), "nobody new can reach") > 0;
    }));
    bool told = false;
    for (const auto& check : old.answer(R"({"op":"doctor"})").object("ok").objects("checks"))
        told = told || (check.text("name") == "runtime folder" && check.text("state") == "fail");
    EXPECT_TRUE(told);

    std::filesystem::remove(agent.runtime());
    auto found = connect_soon(agent.runtime());
    EXPECT_TRUE(serves(found));
}

}  // namespace
}  // namespace hearth::testing
