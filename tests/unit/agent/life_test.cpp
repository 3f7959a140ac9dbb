#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "running_agent.hpp"

namespace hearth::testing {
namespace {

constexpr auto hello = R"({"op":"hello"})";

// Polls until the agent in the folder answers; the program in the foreground does not say when it
// is ready.
std::optional<Client> connect_soon(const std::string& home) {
    for (int i = 0; i < 10'000; ++i) {
        if (auto client = Client::connect(home + "/run")) return client;
        ::usleep(2000);
    }
    return std::nullopt;
}

std::string memory_home(const TemporaryFolder& folder) {
    write_file(folder.path() + "/config.toml",
               "[store]\nkind = \"memory\"\n\n[profiles.key]\nprovider = \"claude\"\n");
    return folder.path();
}

TEST(Life, of_many_agents_started_together_is_one_agent) {
    const TemporaryFolder folder;
    const auto home = memory_home(folder);
    std::vector<pid_t> started;
    for (int i = 0; i < 30; ++i) started.push_back(start_agent(home, {}));
    for (const auto one : started) EXPECT_EQ(exit_status(one), 0);
    std::set<std::int64_t> answered;
    for (int i = 0; i < 10; ++i) {
        auto client = Client::connect(home + "/run");
        ASSERT_TRUE(client);
        answered.insert(client->answer(hello).object("ok").number("pid").value_or(0));
    }
    EXPECT_EQ(answered.size(), 1U);
    Client::connect(home + "/run")->answer(R"({"op":"agent_stop"})");
    EXPECT_TRUE(wait_for_end(*answered.begin()));
}

TEST(Life, begins_anew_over_the_socket_of_an_agent_that_was_killed) {
    const TemporaryFolder folder;
    const auto home = memory_home(folder);
    const auto first = start_agent(home, {"--foreground"});
    ASSERT_TRUE(connect_soon(home));
    ::kill(first, SIGKILL);
    exit_status(first);
    EXPECT_TRUE(std::filesystem::exists(home + "/run/agent.sock"));
    EXPECT_FALSE(Client::connect(home + "/run"));
    const auto second = start_agent(home, {"--foreground"});
    auto client = connect_soon(home);
    ASSERT_TRUE(client);
    EXPECT_TRUE(client->answer(hello).has("ok"));
    ::kill(second, SIGTERM);
    EXPECT_EQ(exit_status(second), 0);
}

TEST(Life, ends_at_sigterm_with_its_socket_removed) {
    const TemporaryFolder folder;
    const auto home = memory_home(folder);
    const auto agent = start_agent(home, {"--foreground"});
    auto client = connect_soon(home);
    ASSERT_TRUE(client);
    EXPECT_TRUE(client->answer(hello).has("ok"));
    ::kill(agent, SIGTERM);
    EXPECT_EQ(exit_status(agent), 0);
    EXPECT_FALSE(std::filesystem::exists(home + "/run/agent.sock"));
    EXPECT_TRUE(client->closed());
}

TEST(Life, ends_for_a_client_of_another_version_once_it_has_its_answer) {
    const RunningAgent agent;
    auto older = agent.client();
    const auto answer = older.answer(R"({"op":"hello","client":"99.0.0"})");
    EXPECT_TRUE(answer.has("ok"));
    EXPECT_TRUE(older.closed());
    EXPECT_TRUE(wait_for_end(agent.process()));
    EXPECT_FALSE(std::filesystem::exists(agent.runtime() + "/agent.sock"));
}

TEST(Life, stays_for_a_client_of_its_own_version) {
    const RunningAgent agent;
    auto client = agent.client();
    const auto version = client.answer(hello).object("ok").text("version");
    const auto request = R"({"op":"hello","client":")" + version + "\"}";
    EXPECT_TRUE(client.answer(request).has("ok"));
    EXPECT_TRUE(client.answer(request).has("ok"));
}

TEST(Life, lets_those_finish_who_wait_when_it_is_stopped) {
    const RunningAgent agent;
    auto waiting = agent.client();
    waiting.ask(R"({"op":"doctor"})");
    EXPECT_TRUE(agent.client().answer(R"({"op":"agent_stop"})").has("ok"));
    EXPECT_NE(waiting.line().find("\"checks\""), std::string::npos);
    EXPECT_TRUE(wait_for_end(agent.process()));
}

TEST(Life, ends_when_the_settings_of_its_store_have_changed) {
    const RunningAgent agent;
    const auto set =
        agent.client().answer(R"({"op":"config_set","key":"store.kind","value":"sealed"})");
    EXPECT_TRUE(set.has("ok"));
    EXPECT_TRUE(wait_for_end(agent.process()));
}

TEST(Life, is_private) {
    const RunningAgent agent;
    struct stat status{};
    ASSERT_EQ(::stat((agent.runtime() + "/agent.sock").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(agent.runtime().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST(Life, refuses_another_user_even_where_the_socket_is_open_to_all) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    const RunningAgent agent;
    ::chmod(agent.home().c_str(), 0755);
    ::chmod(agent.runtime().c_str(), 0755);
    ::chmod((agent.runtime() + "/agent.sock").c_str(), 0666);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(2);
        auto client = Client::connect(agent.runtime());
        if (!client) ::_exit(3);
        client->ask(hello);
        ::_exit(client->closed() ? 0 : 4);
    }
    EXPECT_EQ(exit_status(child), 0);
    EXPECT_TRUE(agent.client().answer(hello).has("ok"));
}

TEST(Life, goes_on_below_a_path_that_is_too_long_for_a_socket) {
    const RunningAgent agent("/" + std::string(90, 'a') + "/" + std::string(90, 'b'));
    EXPECT_TRUE(agent.client().answer(hello).has("ok"));
}

TEST(Life, serves_the_socket_that_a_service_manager_hands_over) {
    const TemporaryFolder folder;
    const auto home = memory_home(folder);
    std::filesystem::create_directories(home + "/run");
    const pid_t child = ::fork();
    if (child == 0) {
        ::chdir((home + "/run").c_str());
        const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
        struct {
            sa_family_t family = AF_UNIX;
            char path[16] = "agent.sock";
        } address;
        if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(socket, 5) != 0)
            ::_exit(2);
        if (socket != 3) ::dup2(socket, 3);
        const std::string variable = "HEARTH_HOME=" + home;
        const std::string process = "LISTEN_PID=" + std::to_string(::getpid());
        ::execle(
            HEARTH_AGENT, HEARTH_AGENT, "--foreground", nullptr,
            std::array<const char*, 4>{variable.c_str(), process.c_str(), "LISTEN_FDS=1", nullptr}
                .data());
        ::_exit(127);
    }
    auto client = connect_soon(home);
    ASSERT_TRUE(client);
    EXPECT_TRUE(client->answer(hello).has("ok"));
    ::kill(child, SIGTERM);
    EXPECT_EQ(exit_status(child), 0);
    EXPECT_TRUE(std::filesystem::exists(home + "/run/agent.sock")) << "the path is not the agent's";
}

class Once : public ::testing::Test {
  protected:
    void SetUp() override {
        std::array<int, 2> ends{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
        agent = start_agent(memory_home(folder), {"--once", "--prefetch", "key"}, ends[1]);
        ::close(ends[1]);
        client.emplace(ends[0]);
    }
    TemporaryFolder folder;
    pid_t agent = 0;
    std::optional<Client> client;
};

TEST_F(Once, serves_its_client_and_ends_with_it) {
    EXPECT_TRUE(client->answer(hello).has("ok"));
    const auto login = std::string(R"({"op":"login","profile":"key","token":")") + api_key + "\"}";
    EXPECT_TRUE(client->answer(login).has("ok"));
    EXPECT_EQ(client->answer(R"({"op":"token","profile":"key"})").object("ok").text("token"),
              api_key);
    client->close();
    EXPECT_EQ(exit_status(agent), 0);
}

TEST_F(Once, takes_neither_the_agents_lock_nor_its_socket) {
    EXPECT_TRUE(client->answer(hello).has("ok"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() + "/run/agent.sock"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() + "/state/agent.lock"));
    client->close();
    EXPECT_EQ(exit_status(agent), 0);
}

TEST_F(Once, ends_with_a_client_that_never_asks) {
    client->close();
    EXPECT_EQ(exit_status(agent), 0);
}

TEST_F(Once, goes_on_after_the_settings_of_its_store_have_changed) {
    EXPECT_TRUE(
        client->answer(R"({"op":"config_set","key":"store.kind","value":"sealed"})").has("ok"));
    EXPECT_TRUE(client->answer(hello).has("ok"));
    client->close();
    EXPECT_EQ(exit_status(agent), 0);
}

TEST(Program, without_a_socket_at_its_input_says_what_is_wrong) {
    const TemporaryFolder folder;
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(exit_status(start_agent(folder.path(), {"--once"}, ends[0])), 2);
    EXPECT_EQ(exit_status(start_agent(folder.path(), {"--wrong"})), 2);
    EXPECT_EQ(exit_status(start_agent("relative", {})), 2);
}

TEST(Program, that_cannot_become_an_agent_fails_before_it_leaves) {
    const TemporaryFolder folder;
    write_file(folder.path() + "/run", "a file where the folder would be");
    EXPECT_EQ(exit_status(start_agent(folder.path(), {})), 1);
}

}  // namespace
}  // namespace hearth::testing
