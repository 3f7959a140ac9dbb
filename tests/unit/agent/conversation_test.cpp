#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "running_agent.hpp"

namespace hearth::testing {
namespace {

constexpr auto token_request = R"({"op":"token","profile":"key"})";

class Conversation : public ::testing::Test {
  protected:
    RunningAgent agent;
};

TEST_F(Conversation, hands_out_the_token_that_was_signed_in_with) {
    agent.sign_in();
    auto client = agent.client();
    for (int i = 0; i < 3; ++i) {
        const auto ok = client.answer(token_request).object("ok");
        EXPECT_EQ(ok.text("token"), api_key);
        EXPECT_EQ(ok.text("token_type"), "x-api-key");
    }
    const auto general = client.answer(R"({ "profile":"key", "op":"token" })").object("ok");
    EXPECT_EQ(general.text("token"), api_key);
    const auto headers = client.answer(
        R"({"op":"headers","profile":"key","url":"https://api.anthropic.com/v1/messages"})");
    EXPECT_EQ(headers.object("ok").pairs("headers").at(0).second, api_key);
}

TEST_F(Conversation, hands_out_nothing_after_sign_out) {
    agent.sign_in();
    auto client = agent.client();
    EXPECT_TRUE(client.answer(token_request).has("ok"));
    const auto out = client.answer(R"({"op":"logout","profile":"key"})");
    EXPECT_EQ(out.object("ok").texts("profiles"), std::vector<std::string>{"key"});
    EXPECT_EQ(client.answer(token_request).object("error").text("remedy"), "sign_in");
}

TEST_F(Conversation, answers_in_the_order_of_the_requests) {
    agent.sign_in();
    auto client = agent.client();
    // The first waits for a worker thread, the others could be answered at once.
    client.send("{\"op\":\"doctor\"}\n{\"op\":\"hello\"}\n" + std::string(token_request) +
                "\n{\"op\":\"status\"}\n");
    EXPECT_NE(client.line().find("\"checks\""), std::string::npos);
    EXPECT_NE(client.line().find("\"protocol\""), std::string::npos);
    EXPECT_NE(client.line().find(api_key), std::string::npos);
    EXPECT_NE(client.line().find("\"profiles\""), std::string::npos);
}

TEST_F(Conversation, takes_requests_that_arrive_in_pieces) {
    auto client = agent.client();
    for (const char c : std::string("{\"op\":\"hello\"}\n")) client.send({&c, 1});
    EXPECT_NE(client.line().find("\"ok\""), std::string::npos);
}

TEST_F(Conversation, answers_nonsense_with_an_error_and_goes_on) {
    auto client = agent.client();
    for (const auto* line :
         {"", "x", "[]", "{\"op\":\"fly\"}", "{\"op\":\"token\"}",
          "{\"op\":\"token\",\"profile\":\"\\u0000\"}",
          "{\"op\":\"login\",\"profile\":\"key\",\"way\":\"owl\"}", "\xFF\xFE"}) {
        EXPECT_EQ(client.answer(line).object("error").text("remedy"), "usage") << line;
    }
    EXPECT_TRUE(client.answer(R"({"op":"hello"})").has("ok"));
}

TEST_F(Conversation, ignores_what_is_pasted_into_nothing) {
    auto client = agent.client();
    client.ask(R"({"paste":"code"})");
    EXPECT_TRUE(client.answer(R"({"op":"hello"})").has("ok"));
}

TEST_F(Conversation, ends_with_a_line_that_is_too_long) {
    auto client = agent.client();
    client.send(std::string(1024 * 1024 + 1, 'x'));
    EXPECT_NE(client.line().find("1 MiB"), std::string::npos);
    EXPECT_TRUE(client.closed());
    EXPECT_TRUE(agent.client().answer(R"({"op":"hello"})").has("ok"));
}

TEST_F(Conversation, takes_a_line_of_just_one_mebibyte) {
    auto client = agent.client();
    std::string line = R"({"op":"hello","x":")";
    line.append(1024 * 1024 - line.size() - 2, 'x').append("\"}");
    EXPECT_TRUE(client.answer(line).has("ok"));
}

TEST_F(Conversation, answers_a_client_that_has_shut_down_its_side) {
    auto client = agent.client();
    client.ask(R"({"op":"doctor"})");
    client.shut_down_writing();
    EXPECT_NE(client.line().find("\"checks\""), std::string::npos);
    EXPECT_TRUE(client.closed());
}

TEST_F(Conversation, with_thousands_who_say_nothing_goes_on) {
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const auto before = limit;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    std::vector<Client> silent;
    const auto many = std::min<std::size_t>(3000, limit.rlim_cur - 64);
    while (silent.size() < many) silent.push_back(agent.client());
    agent.sign_in();
    EXPECT_TRUE(agent.client().answer(token_request).has("ok"));
    const auto status = agent.client().answer(R"({"op":"agent_status"})").object("ok");
    EXPECT_GE(status.number("connections"), static_cast<std::int64_t>(many));
    silent.clear();
    ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(Conversation, drops_a_client_that_asks_and_never_reads_and_serves_the_others) {
    auto greedy = agent.client();
    // More answers than a socket and its backlog hold; the client's own sending blocks before that,
    // so in the background.
    const pid_t child = ::fork();
    if (child == 0) {
        std::string requests;
        for (int i = 0; i < 2000; ++i) requests += "{\"op\":\"doctor\"}\n";
        ::alarm(20);
        for (int i = 0; i < 20; ++i) greedy.send(requests);
        ::_exit(0);
    }
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(agent.client().answer(R"({"op":"hello"})").has("ok"));
    ::kill(child, SIGKILL);
    exit_status(child);
    EXPECT_TRUE(agent.client().answer(R"({"op":"hello"})").has("ok"));
}

TEST_F(Conversation, tells_events_as_they_happen) {
    auto listener = agent.client();
    listener.ask(R"({"op":"events"})");
    // Asked and answered after it on the same loop: the listener is there.
    EXPECT_TRUE(agent.client().answer(R"({"op":"hello"})").has("ok"));
    agent.sign_in();
    std::string seen;
    while (seen.find("signed_in") == std::string::npos) {
        const auto line = listener.line();
        ASSERT_FALSE(line.empty()) << seen;
        seen += line;
    }
    EXPECT_EQ(seen.find(api_key), std::string::npos);
    EXPECT_NE(seen.find("\"profile\":\"key\""), std::string::npos);
}

TEST_F(Conversation, edits_the_configuration_and_uses_it_at_once) {
    auto client = agent.client();
    const auto added = client.answer(
        R"({"op":"profile_add","name":"idp","provider":"oidc","settings":[["issuer","https://id.example"],["scope","openid"]]})");
    EXPECT_EQ(added.object("ok").text("profile"), "idp");
    EXPECT_NE(content(agent.home() + "/config.toml").find("https://id.example"), std::string::npos);
    const auto list = client.answer(R"({"op":"profile_list"})").object("ok").objects("profiles");
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list.at(0).text("name"), "idp");
    EXPECT_EQ(client.answer(R"({"op":"token","profile":"idp"})").object("error").text("remedy"),
              "sign_in");
    EXPECT_TRUE(
        client
            .answer(
                R"({"op":"config_set","key":"profiles.idp.issuer","value":"https://b.example"})")
            .has("ok"));
    const auto value = client.answer(R"({"op":"config_get","key":"profiles.idp.issuer"})");
    EXPECT_EQ(value.object("ok").text("value"), "https://b.example");
    EXPECT_TRUE(client.answer(R"({"op":"profile_remove","name":"idp"})").has("ok"));
    EXPECT_EQ(client.answer(R"({"op":"profile_show","name":"idp"})").object("error").text("remedy"),
              "usage");
}

TEST_F(Conversation, removing_a_profile_erases_its_session_unless_it_is_shared) {
    agent.sign_in();
    auto client = agent.client();
    EXPECT_TRUE(client
                    .answer(R"({"op":"profile_add","name":"other","provider":"claude",)"
                            R"("settings":[["session","key"]]})")
                    .has("ok"));
    EXPECT_TRUE(client.answer(R"({"op":"token","profile":"other"})").has("ok"));
    const auto first = client.answer(R"({"op":"profile_remove","name":"other"})").object("ok");
    EXPECT_FALSE(first.flag("session_erased"));
    EXPECT_TRUE(client.answer(token_request).has("ok"));
    const auto second = client.answer(R"({"op":"profile_remove","name":"key"})").object("ok");
    EXPECT_TRUE(second.flag("session_erased"));
    EXPECT_TRUE(
        client.answer(R"({"op":"profile_add","name":"key","provider":"claude","settings":[]})")
            .has("ok"));
    EXPECT_EQ(client.answer(token_request).object("error").text("remedy"), "sign_in");
}

TEST_F(Conversation, notices_a_configuration_written_by_hand) {
    auto client = agent.client();
    write_file(agent.home() + "/config.toml",
               "[store]\nkind = \"memory\"\n\n[profiles.hand]\nprovider = \"claude\"\n");
    EXPECT_EQ(client.answer(R"({"op":"token","profile":"hand"})").object("error").text("remedy"),
              "sign_in");
}

TEST_F(Conversation, keeps_its_settings_while_the_configuration_is_broken_and_says_so) {
    agent.sign_in();
    auto client = agent.client();
    write_file(agent.home() + "/config.toml", "[store]\nkind = \n");
    EXPECT_TRUE(client.answer(R"({"op":"status"})")
                    .object("ok")
                    .object("config")
                    .text("error")
                    .find("config.toml:2") != std::string::npos);
    EXPECT_TRUE(client.answer(token_request).has("ok"));
    const auto unknown = client.answer(R"({"op":"token","profile":"new"})").object("error");
    EXPECT_NE(unknown.text("what").find("config.toml:2"), std::string::npos);
    bool named = false;
    for (const auto& check : client.answer(R"({"op":"doctor"})").object("ok").objects("checks")) {
        named = named || (check.text("name") == "config" && check.text("state") == "fail");
    }
    EXPECT_TRUE(named);
}

TEST_F(Conversation, tells_its_clock_with_the_status) {
    auto client = agent.client();
    const auto status = client.answer(R"({"op":"status"})").object("ok");
    const auto now = status.text("now");
    EXPECT_EQ(now.size(), std::string("2026-01-02T03:04:05Z").size()) << now;
    EXPECT_GE(now, status.object("agent").text("since"));
}

TEST_F(Conversation, locks_and_unlocks_the_store) {
    agent.sign_in();
    auto client = agent.client();
    EXPECT_TRUE(client.answer(token_request).has("ok"));
    EXPECT_TRUE(client.answer(R"({"op":"lock"})").has("ok"));
    EXPECT_EQ(client.answer(token_request).object("error").text("remedy"), "store_locked");
    EXPECT_TRUE(client.answer(R"({"op":"unlock"})").has("ok"));
    EXPECT_TRUE(client.answer(token_request).has("ok"));
}

TEST_F(Conversation, explains_which_session_answers) {
    agent.sign_in();
    const auto ok = agent.client().answer(R"({"op":"explain","profile":"key"})").object("ok");
    const auto steps = ok.objects("steps");
    ASSERT_FALSE(steps.empty());
    EXPECT_EQ(steps.back().text("source"), "memory session");
    EXPECT_TRUE(steps.back().flag("used"));
}

TEST_F(Conversation, leaves_no_secret_in_its_folder) {
    agent.sign_in();
    auto client = agent.client();
    EXPECT_TRUE(client.answer(token_request).has("ok"));
    EXPECT_TRUE(client.answer(R"({"op":"agent_stop"})").has("ok"));
    EXPECT_TRUE(wait_for_end(agent.process()));
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(agent.home())) {
        if (!entry.is_regular_file()) continue;
        ++files;
        EXPECT_EQ(content(entry.path()).find(api_key), std::string::npos) << entry.path();
    }
    EXPECT_GT(files, 2);
    EXPECT_NE(content(agent.home() + "/state/audit.log").find("\"profile\":\"key\""),
              std::string::npos);
}

// A sign-in whose browser never comes: what the person is shown, what the person pastes, and that
// it can be left.
class SignIn : public Conversation {
  protected:
    void SetUp() override {
        const auto added = agent.client().answer(
            R"({"op":"profile_add","name":"console","provider":"claude","settings":[)"
            R"(["client_id","test"],["console_url","http://127.0.0.1:9"],)"
            R"(["manual_redirect_uri","http://127.0.0.1:9/code"]]})");
        ASSERT_TRUE(added.has("ok"));
    }
    // Asks for a sign-in, and reads until the event comes.
    static std::string shown(Client& client, const std::string& event) {
        client.ask(R"({"op":"login","profile":"console"})");
        while (true) {
            auto line = client.line();
            if (line.empty() || line.find("\"type\":\"" + event + "\"") != std::string::npos)
                return line;
        }
    }
};

TEST_F(SignIn, shows_where_to_go_and_takes_what_is_pasted) {
    auto client = agent.client();
    EXPECT_NE(shown(client, "paste").find("http"), std::string::npos);
    client.ask(R"({"paste":"code-without-state"})");
    client.ask(R"({"op":"hello"})");
    std::string end = client.line();
    while (end.find("\"event\"") != std::string::npos) end = client.line();
    EXPECT_NE(end.find("\"error\""), std::string::npos) << end;
    EXPECT_NE(client.line().find("\"protocol\""), std::string::npos);
}

TEST_F(SignIn, is_cancelled_by_closing_the_connection) {
    {
        auto first = agent.client();
        EXPECT_FALSE(shown(first, "open").empty());
    }
    // The second is not told that another one waits for a person, or not for long.
    auto second = agent.client();
    EXPECT_FALSE(shown(second, "open").empty());
}

}  // namespace
}  // namespace hearth::testing
