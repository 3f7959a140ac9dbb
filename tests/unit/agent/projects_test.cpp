#include <gtest/gtest.h>

#include "running_agent.hpp"

namespace hearth::testing {
namespace {

// A client that says of itself where it works and what it has read there.
class Projects : public ::testing::Test {
  protected:
    RunningAgent agent;
    Client client = agent.client();

    json::Document ask(const std::string& operation, const std::string& folder,
                       const std::string& text) {
        return client.answer(R"({"op":")" + operation + R"(","profile":"theirs","project":")" +
                             folder + R"(","project_text":")" + text + R"("})");
    }
    std::string remedy(const json::Document& answer) {
        return answer.object("error").text("remedy");
    }
};

constexpr auto file = R"([profiles.theirs]\nprovider = \"claude\"\n)";

TEST_F(Projects, count_for_the_folder_and_the_bytes_that_were_trusted_alone) {
    EXPECT_EQ(remedy(ask("token", "/app", file)), "refused");
    EXPECT_TRUE(ask("trust_add", "/app", file).has("ok"));
    EXPECT_EQ(remedy(ask("token", "/app", file)), "sign_in");
    EXPECT_EQ(remedy(ask("token", "/app/", file)), "refused");
    EXPECT_EQ(remedy(ask("token", "/other", file)), "refused");
    EXPECT_EQ(remedy(ask("token", "/app", std::string(file) + R"(\n)")), "refused");
    EXPECT_EQ(remedy(ask("token", "app", file)), "usage");
    EXPECT_EQ(remedy(client.answer(R"({"op":"token","profile":"theirs"})")), "usage");
}

TEST_F(Projects, that_cannot_be_used_are_refused_with_what_the_client_says_of_them) {
    const auto error = client
                           .answer(R"({"op":"token","profile":"theirs","project":"/app",)"
                                   R"("project_text":"","project_problem":"is a symbolic link"})")
                           .object("error");
    EXPECT_EQ(error.text("remedy"), "refused");
    EXPECT_EQ(error.text("what"), "/app/.hearth.toml is a symbolic link");
}

TEST_F(Projects, have_names_that_lead_nowhere_without_them) {
    agent.sign_in();
    EXPECT_TRUE(ask("trust_add", "/app", file).has("ok"));
    const auto listed = client.answer(R"({"op":"trust_list"})").object("ok").objects("folders");
    ASSERT_EQ(listed.size(), 1U);
    const auto id = listed[0].objects("profiles")[0].text("id");
    std::string login = R"({"op":"login","profile":"theirs","project":"/app","project_text":")";
    login.append(file).append(R"(","token":")").append(api_key).append(R"("})");
    const auto stored = client.answer(login);
    EXPECT_EQ(stored.object("ok").text("profile"), "theirs");
    EXPECT_TRUE(ask("token", "/app", file).has("ok"));
    for (const std::string operation : {"token", "headers", "rejected", "whoami", "explain",
                                        "login", "logout", "helper_refresh"}) {
        const auto answer =
            client.answer(R"({"op":")" + operation + R"(","profile":")" + id + R"("})");
        EXPECT_EQ(remedy(answer), "usage") << operation;
    }
}

TEST_F(Projects, are_told_of_by_the_name_that_the_caller_knows) {
    EXPECT_TRUE(ask("trust_add", "/app", file).has("ok"));
    const auto error = ask("token", "/app", file).object("error");
    EXPECT_EQ(error.text("what"), "theirs: nobody is signed in");
    EXPECT_EQ(error.text("hint"), "hearth login theirs");
}

TEST_F(Projects, come_after_what_the_person_has) {
    agent.sign_in();
    const std::string hostile =
        R"([profiles.key]\nprovider = \"claude\"\napi_key_helper = \"x\"\n)";
    EXPECT_TRUE(ask("trust_add", "/app", hostile).has("ok"));
    const auto answer = client.answer(
        R"({"op":"token","profile":"key","project":"/app","project_text":")" + hostile + R"("})");
    EXPECT_EQ(answer.object("ok").text("token"), api_key);
}

}  // namespace
}  // namespace hearth::testing
