// hearth as a whole process against an agent that says what the test wants.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>

#include "cli/json_view.hpp"
#include "unit/cli/fake_agent.hpp"
#include "unit/cli/running_program.hpp"

namespace hearth::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const std::string token_answer =
    "{\"ok\":{\"token\":\"t0ken\",\"token_type\":\"Bearer\",\"expires_at\":\"2026-01-02T03:04:"
    "05Z\"}}\n";

FakeAgent::Answer always(std::string answer) {
    return [answer = std::move(answer)](const std::string& /*line*/) { return answer; };
}

std::string operation_of(const std::string& line) {
    const auto view = JsonView::parse(line);
    return view ? (*view)["op"].text() : "";
}

class Program : public testing::Test {
  protected:
    void given_agent(FakeAgent::Answer answer) { agent_.emplace(home_.path(), std::move(answer)); }
    FakeAgent& agent() { return *agent_; }

    RunningProgram::Start start(std::vector<std::string> words) {
        return {.words = std::move(words),
                .variables = {{"HEARTH_HOME", home_.path().string()}, {"TERM", "dumb"}}};
    }
    Ended run(std::vector<std::string> words, std::string input = {}) {
        auto how = start(std::move(words));
        how.input = std::move(input);
        return RunningProgram(how).wait();
    }
    // A program that takes the place of another: what it is given goes into a file.
    std::string script(const std::string& name, const std::string& body) {
        const auto path = home_.path() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << "#!/bin/bash\n" << body;
        ::chmod(path.c_str(), 0700);
        return path.string();
    }
    const std::filesystem::path& home() { return home_.path(); }

  private:
    TemporaryHome home_;
    std::optional<FakeAgent> agent_;
};

using TokenProgram = Program;
using ErrorProgram = Program;
using LoginProgram = Program;
using AgentProgram = Program;

TEST_F(TokenProgram, prints_the_token_and_nothing_else) {
    given_agent(always(token_answer));
    const auto ended = run({"token", "work"});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, "t0ken\n");
    EXPECT_EQ(ended.err, "");
    EXPECT_THAT(agent().lines(), ElementsAre(StartsWith(R"({"op":"token","profile":"work",)")));
}

TEST_F(TokenProgram, asks_for_the_life_that_is_wanted_in_seconds) {
    given_agent(always(token_answer));
    EXPECT_EQ(run({"token", "work", "--min-ttl", "1m1500ms"}).status, 0);
    EXPECT_THAT(agent().lines(), ElementsAre(HasSubstr(R"("min_ttl":62,)")));
}

TEST_F(TokenProgram, prints_the_agents_answer_as_json) {
    given_agent(always(token_answer));
    EXPECT_EQ(run({"token", "work", "--json"}).out,
              "{\"token\":\"t0ken\",\"token_type\":\"Bearer\",\"expires_at\":\"2026-01-02T03:04:"
              "05Z\"}\n");
}

TEST_F(TokenProgram, takes_an_answer_that_comes_in_pieces_and_is_long) {
    const std::string token(40'000, 'x');
    given_agent(always("{\"ok\":{\"token\":\"" + token + "\"}}\n"));
    EXPECT_EQ(run({"token", "work"}).out, token + "\n");
}

TEST_F(TokenProgram, fails_when_its_output_cannot_be_written) {
    given_agent(always(token_answer));
    auto how = start({"-c", std::string("exec ") + HEARTH_PROGRAM + " token work >/dev/full"});
    how.program = "/bin/sh";
    const auto ended = RunningProgram(how).wait();
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("cannot write to stdout"));
}

TEST_F(ErrorProgram, gives_each_remedy_its_exit_status) {
    int status = 0;
    for (const auto* remedy :
         {"failed", "usage", "sign_in", "unreachable", "store_locked", "refused"}) {
        TemporaryHome home;
        const FakeAgent agent(home.path(),
                              always(std::string(R"({"error":{"remedy":")") + remedy +
                                     R"(","what":"it went wrong","hint":"do this"}})" + "\n"));
        auto how = start({"token", "work"});
        how.variables["HEARTH_HOME"] = home.path().string();
        const auto ended = RunningProgram(how).wait();
        EXPECT_EQ(ended.status, ++status) << remedy;
        EXPECT_EQ(ended.out, "");
        EXPECT_EQ(ended.err, "hearth: it went wrong\nhint: do this\n");
    }
}

TEST_F(ErrorProgram, makes_the_agents_words_harmless) {
    given_agent(
        always("{\"error\":{\"remedy\":\"failed\",\"what\":\"\\u001b[2Jgone\\nhint: pay\"}}\n"));
    EXPECT_EQ(run({"token", "work"}).err, "hearth: \\x1b[2Jgone\\nhint: pay\n");
}

TEST_F(ErrorProgram, asks_the_next_agent_once_when_one_that_is_ending_hangs_up) {
    const TemporaryHome home;
    std::atomic<int> asked = 0;
    FakeAgent agent(home.path(), [&](const std::string&) -> std::string {
        if (asked++ == 0) return "hang up";
        return "{\"ok\":{\"token\":\"t\",\"token_type\":\"Bearer\",\"expires_at\":null}}\n";
    });
    auto how = start({"token", "work"});
    how.variables["HEARTH_HOME"] = home.path().string();
    const auto ended = RunningProgram(how).wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "t\n");
    ASSERT_EQ(agent.lines().size(), 2U);
    EXPECT_EQ(agent.lines().front(), agent.lines().back());
}

TEST_F(ErrorProgram, fails_on_lines_that_are_no_answer) {
    for (const auto* line :
         {"garbage\n", "{\"ok\":7}\n", "{}\n", "\n", "hang up", "{\"ok\":{}}\n"}) {
        TemporaryHome home;
        const FakeAgent agent(home.path(), always(line));
        auto how = start({"token", "work"});
        how.variables["HEARTH_HOME"] = home.path().string();
        const auto ended = RunningProgram(how).wait();
        EXPECT_EQ(ended.status, 1) << line;
        EXPECT_EQ(ended.out, "") << line;
        EXPECT_THAT(ended.err, StartsWith("hearth: ")) << line;
    }
}

TEST_F(ErrorProgram, refuses_a_line_without_end) {
    given_agent([](const std::string& /*line*/) { return std::string(1'200'000, 'x'); });
    const auto ended = run({"token", "work"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.err, HasSubstr("longer than 1 MiB"));
}

TEST_F(ErrorProgram, knows_usage_errors_without_an_agent) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{},
          {"nonsense"},
          {"token"},
          {"token", "../etc"},
          {"token", "a", "b"},
          {"token", "a", "--min-ttl", "soon"},
          {"token", "a", "--nonsense"},
          {"profile"},
          {"profile", "add", "x"},
          {"logout"},
          {"logout", "a", "--all"},
          {"profile", "add", "x", "--provider", "oidc", "--set", "novalue"}}) {
        const auto ended = run(words);
        EXPECT_EQ(ended.status, 2) << testing::PrintToString(words);
        EXPECT_EQ(ended.out, "");
        EXPECT_FALSE(ended.err.empty());
    }
    EXPECT_THAT(run({"tokne"}).err, HasSubstr("did you mean hearth token?"));
    EXPECT_TRUE(std::filesystem::is_empty(home()));
}

TEST_F(Program, teaches_without_an_agent) {
    EXPECT_THAT(run({"--version"}).out, StartsWith("hearth "));
    EXPECT_THAT(run({"--help"}).out, AllOf(HasSubstr("login"), HasSubstr("Exit statuses")));
    for (const auto& words :
         {std::vector<std::string>{"token", "--help"}, {"help", "token"}, {"token", "work", "-h"}})
        EXPECT_THAT(run(words).out, AllOf(HasSubstr("--min-ttl SPAN"), HasSubstr("Examples:")));
    EXPECT_THAT(run({"profile", "--help"}).out,
                AllOf(HasSubstr("profile add"), HasSubstr("profile remove")));
    EXPECT_THAT(run({"profile", "add", "--help"}).out, HasSubstr("--set KEY=VALUE"));
    EXPECT_TRUE(std::filesystem::is_empty(home()));
}

TEST_F(Program, prints_headers_as_lines_and_refuses_a_line_end_in_one) {
    given_agent(
        always("{\"ok\":{\"headers\":[[\"Authorization\",\"Bearer t\"],[\"x-other\",\"1\"]]}}\n"));
    EXPECT_EQ(run({"headers", "work", "--url", "https://x"}).out,
              "Authorization: Bearer t\nx-other: 1\n");
    EXPECT_THAT(agent().lines().at(0), HasSubstr(R"("method":"GET","url":"https://x")"));
    TemporaryHome other;
    const FakeAgent hostile(other.path(),
                            always("{\"ok\":{\"headers\":[[\"a\",\"b\\r\\nc: d\"]]}}\n"));
    auto how = start({"headers", "work"});
    how.variables["HEARTH_HOME"] = other.path().string();
    EXPECT_EQ(RunningProgram(how).wait().status, 1);
}

TEST_F(Program, sends_a_profiles_settings_in_order) {
    given_agent(always("{\"ok\":{\"profile\":\"work\"}}\n"));
    EXPECT_EQ(
        run({"profile", "add", "work", "--provider", "oidc", "--issuer", "https://i", "--client-id",
             "me", "--scope", "a", "--scope", "b", "--set", "refresh_before=10m"})
            .status,
        0);
    EXPECT_THAT(
        agent().lines().at(0),
        HasSubstr(
            R"("settings":[["issuer","https://i"],["client_id","me"],["scope","a"],["scope","b"],)"
            R"(["refresh_before","10m"]])"));
}

TEST_F(Program, says_that_nobody_can_be_asked_without_a_terminal) {
    given_agent(always(token_answer));
    run({"token", "work"});
    auto how = start({"token", "work"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram(how).wait();
    how.variables["CI"] = "true";
    RunningProgram(how).wait();
    how = start({"token", "work", "--non-interactive"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram(how).wait();
    EXPECT_THAT(agent().lines(),
                ElementsAre(HasSubstr("non_interactive"), Not(HasSubstr("non_interactive")),
                            HasSubstr("non_interactive"), HasSubstr("non_interactive")));
}

// Answers with a token once the passphrase was sent.
FakeAgent::Answer locked_store() {
    return [unlocked = false](const std::string& line) mutable -> std::string {
        if (operation_of(line) == "unlock") {
            unlocked = line.find("\"passphrase\":\"open sesame\"") != std::string::npos;
            return unlocked ? "{\"ok\":{}}\n"
                            : "{\"error\":{\"remedy\":\"store_locked\",\"what\":\"that is not the "
                              "passphrase\","
                              "\"needs\":\"passphrase\"}}\n";
        }
        return unlocked ? token_answer
                        : "{\"error\":{\"remedy\":\"store_locked\",\"what\":\"the store is "
                          "locked\",\"hint\":\"hearth "
                          "agent unlock\",\"needs\":\"passphrase\"}}\n";
    };
}

TEST_F(Program, asks_for_the_passphrase_without_showing_it_and_asks_again_when_it_is_wrong) {
    given_agent(locked_store());
    auto how = start({"token", "work"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram program(how);
    program.await("Passphrase");
    EXPECT_FALSE(program.echoes());
    program.type("wrong\n");
    program.await("not the passphrase");
    program.await("Passphrase");
    program.type("open sesame\n");
    const auto ended = program.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "t0ken\n");
    EXPECT_THAT(ended.err, Not(HasSubstr("sesame")));
}

// As long as no passphrase was chosen.
FakeAgent::Answer new_store() {
    return [chosen = false](const std::string& line) mutable -> std::string {
        if (operation_of(line) == "unlock") {
            chosen = line.find("\"passphrase\":\"open sesame\"") != std::string::npos;
            return "{\"ok\":{}}\n";
        }
        return chosen ? token_answer
                      : "{\"error\":{\"remedy\":\"store_locked\",\"what\":\"no passphrase "
                        "yet\",\"hint\":\"hearth agent unlock\",\"needs\":\"new_passphrase\"}}\n";
    };
}

TEST_F(Program, asks_twice_for_a_new_passphrase_and_again_when_they_differ) {
    given_agent(new_store());
    auto how = start({"token", "work"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram program(how);
    program.await("New passphrase");
    program.type("open sesame\n");
    program.await("The same again");
    program.type("open sesmae\n");
    program.await("not the same");
    program.await("New passphrase");
    program.type("open sesame\n");
    program.await("The same again");
    program.type("open sesame\n");
    const auto ended = program.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "t0ken\n");
    const auto unlocks = std::ranges::count_if(
        agent().lines(), [](const auto& line) { return operation_of(line) == "unlock"; });
    EXPECT_EQ(unlocks, 1) << "nothing is sent before both are the same";
}

// A keychain that stays locked unless its question is answered on the desktop.
FakeAgent::Answer locked_keychain(bool answered) {
    return [answered, open = false](const std::string& line) mutable -> std::string {
        const std::string locked =
            "{\"error\":{\"remedy\":\"store_locked\",\"what\":\"the keychain is "
            "locked\",\"hint\":\"hearth agent unlock\",\"needs\":\"desktop\"}}\n";
        if (operation_of(line) != "unlock") return open ? token_answer : locked;
        EXPECT_THAT(line, Not(HasSubstr("passphrase")));
        open = answered;
        return "{\"ok\":{}}\n";
    };
}

TEST_F(Program, lets_the_keychain_ask_on_the_desktop_where_somebody_is_there) {
    given_agent(locked_keychain(true));
    EXPECT_EQ(run({"token", "work"}).status, 5) << "nobody is at a terminal";
    auto how = start({"token", "work"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram program(how);
    const auto ended = program.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("its question is on the desktop"));
}

TEST_F(Program, does_not_let_the_keychain_ask_again_and_again) {
    given_agent(locked_keychain(false));
    auto how = start({"token", "work"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram program(how);
    EXPECT_EQ(program.wait().status, 5);
    const auto unlocks = std::ranges::count_if(
        agent().lines(), [](const auto& line) { return operation_of(line) == "unlock"; });
    EXPECT_EQ(unlocks, 1);
}

TEST_F(Program, does_not_choose_a_passphrase_without_a_terminal) {
    given_agent(new_store());
    const auto ended = run({"token", "work"});
    EXPECT_EQ(ended.status, 5);
    EXPECT_EQ(ended.err, "hearth: no passphrase yet\nhint: hearth agent unlock\n");
}

TEST_F(Program, leaves_the_terminal_as_it_was_when_a_question_is_interrupted) {
    given_agent(locked_store());
    auto how = start({"token", "work"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram program(how);
    program.await("Passphrase");
    EXPECT_FALSE(program.echoes());
    program.interrupt();
    EXPECT_EQ(program.wait().status, 130);
    EXPECT_TRUE(program.echoes());
}

TEST_F(Program, does_not_ask_for_a_passphrase_without_a_terminal) {
    given_agent(locked_store());
    const auto ended = run({"token", "work"});
    EXPECT_EQ(ended.status, 5);
    EXPECT_EQ(ended.err, "hearth: the store is locked\nhint: hearth agent unlock\n");
}

TEST_F(AgentProgram, unlocks_with_the_first_line_of_stdin) {
    given_agent(locked_store());
    EXPECT_EQ(run({"agent", "unlock"}, "open sesame\nmore").status, 0);
    EXPECT_EQ(run({"agent", "unlock"}, "wrong\n").status, 5);
    EXPECT_EQ(run({"agent", "unlock"}).status, 5);
}

TEST_F(AgentProgram, is_not_started_to_be_asked_about_or_stopped) {
    const auto status = run({"agent", "status"});
    EXPECT_EQ(status.status, 1);
    EXPECT_THAT(status.err, HasSubstr("no agent is running"));
    EXPECT_EQ(run({"agent", "stop"}).status, 0);
    EXPECT_TRUE(std::filesystem::is_empty(home()));
}

TEST_F(AgentProgram, is_waited_for_until_it_is_gone) {
    given_agent(always(""));
    RunningProgram program(start({"agent", "stop"}));
    agent().await_lines(1);
    agent().send("{\"ok\":{}}\n");
    agent().close_connections();
    EXPECT_EQ(program.wait().status, 0);
}

// The program copied beside an agent that is a script.
class AgentStart : public Program {
  protected:
    Ended run_beside(const std::string& agent_script, std::vector<std::string> words,
                     std::map<std::string, std::string> more = {}) {
        script("bin/hearth-agent", agent_script);
        std::filesystem::copy_file(HEARTH_PROGRAM, home() / "bin/hearth");
        auto how = start(std::move(words));
        how.program = (home() / "bin/hearth").string();
        how.variables.merge(more);
        return RunningProgram(how).wait();
    }
};

TEST_F(AgentStart, says_why_it_failed_and_where_the_log_is) {
    const auto ended =
        run_beside("echo earlier; echo 'hearth-agent: config.toml:3: nonsense' >&2; exit 2\n",
                   {"token", "work"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("did not start: hearth-agent: config.toml:3: nonsense"),
                                 HasSubstr("state/agent.log")));
    struct stat log{};
    ASSERT_EQ(::stat((home() / "state/agent.log").c_str(), &log), 0);
    EXPECT_EQ(log.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat((home() / "state").c_str(), &log), 0);
    EXPECT_EQ(log.st_mode & 0777U, 0700U);
}

TEST_F(AgentStart, passes_on_what_the_agent_said_and_not_its_hint_alone) {
    const auto ended =
        run_beside("echo 'hearth-agent: that is a link' >&2; echo 'hint: move it' >&2; exit 1\n",
                   {"token", "work"});
    EXPECT_THAT(ended.err, AllOf(HasSubstr("did not start: hearth-agent: that is a link\n"),
                                 HasSubstr("hint: move it; its log is ")));
}

TEST_F(AgentStart, writes_no_log_behind_a_link) {
    std::filesystem::create_directory(home() / "state");
    std::ofstream(home() / "outside") << "somebody's words";
    std::filesystem::create_hard_link(home() / "outside", home() / "state/agent.log");
    EXPECT_EQ(run_beside("echo planted >&2; exit 1\n", {"token", "work"}).status, 1);
    std::ifstream outside(home() / "outside");
    const std::string kept((std::istreambuf_iterator<char>(outside)), {});
    EXPECT_EQ(kept, "somebody's words");
}

TEST_F(AgentStart, gives_it_no_descriptor_and_no_terminal_of_ours) {
    const auto ended = run_beside(
        "ls /proc/self/fd >\"$HEARTH_HOME/fds\"; readlink /proc/self/fd/0 /proc/self/fd/1 "
        ">\"$HEARTH_HOME/streams\"; exit 1\n",
        {"token", "work"});
    EXPECT_EQ(ended.status, 1);
    std::ifstream fds(home() / "fds");
    const std::string listed((std::istreambuf_iterator<char>(fds)), {});
    EXPECT_EQ(listed, "0\n1\n2\n3\n") << "3 is what ls itself reads";
}

TEST_F(AgentStart, runs_one_for_this_command_alone_without_an_agent) {
    const auto ended = run_beside(
        "echo \"$@\" >\"$HEARTH_HOME/words\"; read -r line; echo \"$line\" >\"$HEARTH_HOME/line\"\n"
        "echo '{\"ok\":{\"token\":\"once\"}}' >&0\n",
        {"token", "work"}, {{"HEARTH_NO_AGENT", "1"}});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.out, "once\n");
    std::string words;
    std::getline(std::ifstream(home() / "words"), words);
    EXPECT_EQ(words, "--once --prefetch work");
    EXPECT_FALSE(std::filesystem::exists(home() / "state"));
}

TEST_F(AgentStart, passes_on_the_status_of_one_that_ended_without_an_answer) {
    const auto ended = run_beside("echo 'hearth-agent: config.toml:2: no' >&2; exit 2\n",
                                  {"token", "work"}, {{"HEARTH_NO_AGENT", "1"}});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("config.toml:2"), HasSubstr("hearth: ")));
}

const std::string two_profiles =
    "{\"ok\":{\"profiles\":[{\"name\":\"work\"},{\"name\":\"home\"}]}}\n";
const std::string one_profile = "{\"ok\":{\"profiles\":[{\"name\":\"work\"}]}}\n";
const std::string open_event =
    "{\"event\":{\"type\":\"open\",\"url\":\"https://login.example.com/a?b=c\"}}\n";
const std::string done_answer =
    "{\"ok\":{\"profile\":\"work\",\"account\":\"alice\",\"expires_at\":\"2026-01-02T03:04:05Z\"}}"
    "\n";

FakeAgent::Answer signing_in(std::string profiles, std::string login) {
    return [profiles = std::move(profiles),
            login = std::move(login)](const std::string& line) -> std::string {
        const auto operation = operation_of(line);
        if (operation == "profile_list") return profiles;
        return operation == "login" ? login : "";
    };
}

TEST_F(LoginProgram, opens_the_browser_and_says_who_is_signed_in) {
    given_agent(signing_in(one_profile, open_event));
    auto how = start({"login"});
    how.variables["BROWSER"] = script("open",
                                      "printf %s \"$1\" >\"$HEARTH_HOME/url.part\"; mv "
                                      "\"$HEARTH_HOME/url.part\" \"$HEARTH_HOME/url\"\n");
    RunningProgram program(how);
    program.await("https://login.example.com/a?b=c\n");
    agent().send(done_answer);
    const auto ended = program.wait();
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("Signed in to work as alice."));
    EXPECT_THAT(agent().lines().at(1), HasSubstr(R"("way":"browser","open":true,"switch":false)"));
}

TEST_F(LoginProgram, writes_each_step_as_json) {
    const std::string code =
        "{\"event\":{\"type\":\"code\",\"user_code\":\"AB-CD\",\"verification_uri\":\"https://x/"
        "device\",\"expires_in\":600}}\n";
    given_agent(signing_in(one_profile, open_event + code + done_answer));
    EXPECT_EQ(
        run({"login", "work", "--json", "--no-browser"}).out,
        "{\"event\":\"open\",\"url\":\"https://login.example.com/a?b=c\"}\n"
        "{\"event\":\"code\",\"user_code\":\"AB-CD\",\"verification_uri\":\"https://x/device\","
        "\"verification_uri_complete\":null,\"expires_in\":600}\n"
        "{\"event\":\"done\",\"profile\":\"work\",\"account\":\"alice\",\"expires_at\":\"2026-01-"
        "02T03:04:05Z\"}\n");
}

TEST_F(LoginProgram, writes_a_failure_as_json_too) {
    given_agent(signing_in(
        one_profile,
        "{\"error\":{\"remedy\":\"unreachable\",\"what\":\"no answer\",\"hint\":\"later\"}}\n"));
    const auto ended = run({"login", "work", "--json"});
    EXPECT_EQ(ended.status, 4);
    EXPECT_EQ(ended.out, "{\"event\":\"failed\",\"error\":\"no answer\",\"hint\":\"later\"}\n");
    EXPECT_THAT(ended.err, HasSubstr("hearth: no answer"));
}

TEST_F(LoginProgram, shows_the_address_alone_on_a_line_when_no_browser_is_wanted) {
    given_agent(signing_in(one_profile, open_event + done_answer));
    auto how = start({"login", "work", "--no-browser"});
    how.variables["BROWSER"] = script("open", "touch \"$HEARTH_HOME/opened\"\n");
    const auto ended = RunningProgram(how).wait();
    EXPECT_THAT(ended.err, HasSubstr("\nhttps://login.example.com/a?b=c\n"));
    EXPECT_FALSE(std::filesystem::exists(home() / "opened"));
}

TEST_F(LoginProgram, does_not_hand_to_a_browser_what_is_no_web_address) {
    given_agent(signing_in(
        one_profile,
        "{\"event\":{\"type\":\"open\",\"url\":\"file:///etc/passwd\"}}\n" + done_answer));
    auto how = start({"login", "work"});
    how.variables["BROWSER"] = script("open", "touch \"$HEARTH_HOME/opened\"\n");
    EXPECT_THAT(RunningProgram(how).wait().err, HasSubstr("No browser could be started"));
    EXPECT_FALSE(std::filesystem::exists(home() / "opened"));
}

TEST_F(LoginProgram, is_cancelled_by_ctrl_c_and_lets_the_agent_know) {
    given_agent(signing_in(one_profile, open_event));
    RunningProgram program(start({"login", "work", "--no-browser"}));
    program.await("https://login.example.com/");
    program.interrupt();
    const auto ended = program.wait();
    EXPECT_EQ(ended.status, 130);
    EXPECT_THAT(ended.err, HasSubstr("cancelled"));
    agent().await_closed(1);
}

TEST_F(LoginProgram, restores_the_terminal_when_cancelled_while_a_code_may_be_pasted) {
    given_agent(signing_in(
        one_profile, open_event + "{\"event\":{\"type\":\"paste\",\"url\":\"https://x\"}}\n"));
    auto how = start({"login", "work", "--no-browser"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram program(how);
    program.await("press Enter");
    program.interrupt();
    EXPECT_EQ(program.wait().status, 130);
    EXPECT_TRUE(program.echoes());
}

TEST_F(LoginProgram, passes_on_what_is_pasted_without_showing_it) {
    given_agent([](const std::string& line) -> std::string {
        if (operation_of(line) == "profile_list") return one_profile;
        if (operation_of(line) == "login")
            return open_event + "{\"event\":{\"type\":\"paste\",\"url\":\"https://x\"}}\n";
        return line == R"({"paste":"c0de#state"})" ? done_answer : "";
    });
    auto how = start({"login", "work", "--no-browser"});
    how.streams = RunningProgram::Streams::terminal;
    RunningProgram program(how);
    program.await("press Enter");
    program.type("c0de#state\n");
    const auto ended = program.wait();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("Signed in"), Not(HasSubstr("c0de"))));
}

TEST_F(LoginProgram, keeps_a_token_from_stdin) {
    given_agent(signing_in(one_profile, done_answer));
    EXPECT_EQ(run({"login", "work", "--with-token"}, " sk-key \n").status, 0);
    EXPECT_THAT(agent().lines().at(1), EndsWith(R"("token":"sk-key"})"));
    EXPECT_EQ(run({"login", "work", "--with-token"}, "two words\n").status, 2);
    EXPECT_EQ(run({"login", "work", "--with-token", "--device"}, "x").status, 2);
}

TEST_F(LoginProgram, has_a_key_from_stdin_tried_unless_told_not_to) {
    given_agent(signing_in(one_profile, done_answer));
    EXPECT_EQ(run({"login", "work", "--with-key"}, " sk-key \n").status, 0);
    EXPECT_THAT(agent().lines().at(1),
                AllOf(HasSubstr(R"("unverified":false)"), EndsWith(R"("key":"sk-key"})")));
    EXPECT_EQ(run({"login", "work", "--with-key", "--no-verify"}, "sk-key").status, 0);
    EXPECT_THAT(agent().lines().at(3), HasSubstr(R"("unverified":true)"));
    EXPECT_EQ(run({"login", "work", "--with-key", "--with-token"}, "x").status, 2);
    EXPECT_EQ(run({"login", "work", "--with-token", "--no-verify"}, "x").status, 2);
}

TEST_F(LoginProgram, needs_a_profile_and_says_which_there_are) {
    given_agent(signing_in(two_profiles, done_answer));
    EXPECT_THAT(run({"login"}).err, HasSubstr("which profile? there are work, home"));
    const auto unknown = run({"login", "other"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err,
                HasSubstr("hint: hearth profile add other --provider oidc --issuer URL"));
}

TEST_F(Program, follows_events_as_json_lines) {
    given_agent([](const std::string& /*line*/) -> std::string {
        return "{\"event\":{\"type\":\"renewed\",\"profile\":\"work\"}}\n";
    });
    RunningProgram program(start({"events", "--follow"}));
    program.await("{\"type\":\"renewed\",\"profile\":\"work\"}\n");
    agent().send("{\"event\":{\"type\":\"signed_out\"}}\n");
    program.await("{\"type\":\"signed_out\"}\n");
    program.interrupt();
    EXPECT_EQ(program.wait().status, 130);
}

TEST_F(Program, doctor_fails_when_a_check_does) {
    given_agent(
        always("{\"ok\":{\"checks\":[{\"name\":\"store\",\"state\":\"fail\",\"what\":\"none\","
               "\"hint\":\"do\"}]}}\n"));
    const auto ended = run({"doctor"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.out, "fail  store: none\n      do\n");
}

}  // namespace
}  // namespace hearth::cli
