// `hearth aws roles` against an agent that says what the test wants.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/cli/fake_agent.hpp"
#include "unit/cli/running_program.hpp"

namespace hearth::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string roles_answer =
    R"({"ok":{"region":"eu-west-1","roles":[
        {"account_id":"1","account_name":"One & only","email":"a@b.c","role_name":"Admin"},
        {"account_id":"1","account_name":"One & only","email":"a@b.c","role_name":"Reader"},
        {"account_id":"2","account_name":null,"email":null,"role_name":"Read\u001b[31mer"}]}})";

std::string one_line(std::string text) {
    std::erase(text, '\n');
    return text + "\n";
}

class AwsRoles : public testing::Test {
  protected:
    Ended run(std::vector<std::string> words) { return RunningProgram(start(words)).wait(); }
    RunningProgram::Start start(const std::vector<std::string>& words) {
        RunningProgram::Start how{
            .words = {"aws", "roles", "corp"},
            .variables = {{"HEARTH_HOME", home.path().string()}, {"TERM", "dumb"}}};
        how.words.insert(how.words.end(), words.begin(), words.end());
        return how;
    }

    TemporaryHome home;
    FakeAgent agent{home.path(), [](const std::string& line) {
                        const bool listing = line.starts_with(R"({"op":"aws_roles")");
                        return listing ? one_line(roles_answer)
                                       : std::string(R"({"ok":{"profile":"x"}})") + "\n";
                    }};
};

TEST_F(AwsRoles, are_a_table_with_nothing_in_it_that_steers_a_terminal) {
    const auto ended = run({});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out,
              "ACCOUNT  NAME        E-MAIL  ROLE\n"
              "1        One & only  a@b.c   Admin\n"
              "1        One & only  a@b.c   Reader\n"
              "2                            Read\\x1b[31mer\n");
    EXPECT_EQ(ended.err, "");
}

TEST_F(AwsRoles, are_asked_for_by_account) {
    EXPECT_EQ(run({"--account", "1", "--json"}).status, 0);
    EXPECT_THAT(agent.lines(),
                ElementsAre(HasSubstr(R"({"op":"aws_roles","profile":"corp","account":"1",)")));
}

TEST_F(AwsRoles, that_go_into_a_pipe_ask_nobody) {
    auto how = start({});
    how.streams = RunningProgram::Streams::terminal;
    const auto ended = RunningProgram(how).wait();
    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.err, Not(HasSubstr("Number")));
}

TEST_F(AwsRoles, become_a_profile_that_rests_on_the_sign_in) {
    const auto ended = run({"--account", "1", "--role", "Reader", "--add", "reader"});
    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.err, HasSubstr("Added 'reader': role Reader of account 1."));
    ASSERT_THAT(agent.lines(), SizeIs(2));
    EXPECT_THAT(agent.lines()[1],
                HasSubstr(R"("op":"profile_add","name":"reader","provider":"aws","settings":)"
                          R"([["sso_profile","corp"],["sso_account_id","1"],)"
                          R"(["sso_role_name","Reader"],["region","eu-west-1"]])"));
}

TEST_F(AwsRoles, that_are_none_or_many_become_no_profile) {
    const auto none = run({"--account", "1", "--role", "Owner", "--add", "x"});
    EXPECT_EQ(none.status, 2);
    EXPECT_THAT(none.err, HasSubstr("may take no role 'Owner' of account 1"));
    const auto many = run({"--add", "x"});
    EXPECT_EQ(many.status, 2);
    EXPECT_THAT(many.err, HasSubstr("3 roles fit"));
    EXPECT_THAT(agent.lines(), SizeIs(2)) << "nothing but the two questions";
}

TEST_F(AwsRoles, by_name_are_for_a_profile_to_be_made) {
    const auto ended = run({"--role", "Reader"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr("--role goes with --add"));
    EXPECT_THAT(agent.lines(), IsEmpty());
}

}  // namespace
}  // namespace hearth::cli
