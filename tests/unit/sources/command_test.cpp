#include "sources/command.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "sources/given.hpp"

namespace hearth::sources {
namespace {

using namespace std::chrono_literals;
using How = CommandEnd::How;

CommandEnd run_line(const CommandLine& line) {
    auto end = run_command(line);
    if (!end) throw std::runtime_error(end.error().what);
    return *std::move(end);
}
CommandEnd run(const std::string& text) { return run_line({.text = text}); }

// The process id that a command printed.
pid_t printed_pid(const CommandEnd& end) {
    return static_cast<pid_t>(std::stol(std::string(end.output.reveal())));
}

// Waits for the end of a process that is nobody's child here any more.
bool ends(pid_t process) {
    while (::kill(process, 0) == 0) {
        std::ifstream status("/proc/" + std::to_string(process) + "/stat");
        std::string number;
        std::string name;
        char state = 'X';
        status >> number >> name >> state;
        if (state == 'Z' || state == 'X') return true;
        std::this_thread::yield();
    }
    return errno == ESRCH;
}

TEST(Command, gives_what_was_printed_and_the_exit_status) {
    const auto end = run("printf 'a word'; exit 3");
    EXPECT_EQ(end.how, How::exited);
    EXPECT_EQ(end.status, 3);
    EXPECT_EQ(end.output.reveal(), "a word");
}

TEST(Command, tells_the_signal_that_ended_it) {
    const auto end = run("kill -TERM $$");
    EXPECT_EQ(end.how, How::signalled);
    EXPECT_EQ(end.status, SIGTERM);
}

// PATH=..., as this process has it.
std::string own_path() {
    for (char** one = environ; *one != nullptr; ++one) {
        if (std::string_view(*one).starts_with("PATH=")) return *one;
    }
    return "";
}

TEST(Command, has_this_process_environment_and_nothing_to_read) {
    const auto end = run("printf 'PATH=%s-%s' \"$PATH\" \"$(cat)\"");
    ASSERT_NE(own_path(), "");
    EXPECT_EQ(end.output.reveal(), own_path() + "-");
}

TEST(Command, has_variables_more_in_the_place_of_their_namesakes) {
    const auto end = run_line(
        {.text = "/usr/bin/env | /bin/grep ^PATH=", .variables = {"PATH=/usr/bin:/bin:/green"}});
    EXPECT_EQ(end.output.reveal(), "PATH=/usr/bin:/bin:/green\n");
}

TEST(Command, writes_its_words_where_this_process_writes_them) {
    ::testing::internal::CaptureStderr();
    const auto end = run("echo words >&2; printf product");
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "words\n");
    EXPECT_EQ(end.output.reveal(), "product");
}

TEST(Command, is_ended_with_what_it_started_at_its_limit) {
    const auto end = run_line({.text = "sleep 600 & printf %s $!; wait", .limit = 2s});
    EXPECT_EQ(end.how, How::time_limit);
    EXPECT_TRUE(ends(printed_pid(end)));
}

TEST(Command, that_does_not_listen_is_ended_all_the_same) {
    const auto end =
        run_line({.text = "trap '' TERM; printf %s $$; while :; do sleep 1; done", .limit = 2s});
    EXPECT_EQ(end.how, How::time_limit);
    EXPECT_TRUE(ends(printed_pid(end)));
}

TEST(Command, is_over_when_its_shell_is_whatever_that_left_behind) {
    const auto end = run("sleep 600 & printf %s $!");
    EXPECT_EQ(end.how, How::exited);
    EXPECT_EQ(end.status, 0);
    EXPECT_TRUE(ends(printed_pid(end)));
}

TEST(Command, that_prints_without_end_is_ended) {
    const auto end = run("yes");
    EXPECT_EQ(end.how, How::too_much);
    EXPECT_GT(end.output.size(), longest_token);
}

TEST(Command, is_ended_when_told_to) {
    std::array<int, 2> stop{};
    ASSERT_EQ(::pipe2(stop.data(), O_CLOEXEC), 0);
    // Told by the command itself, by its own process id, so that it does run.
    const auto end = run_line({.text = "echo $$ >/proc/" + std::to_string(::getpid()) + "/fd/" +
                                       std::to_string(stop[1]) + "; sleep 600",
                               .stop = stop[0]});
    EXPECT_EQ(end.how, How::stopped);
    std::array<char, 32> told{};
    ASSERT_GT(::read(stop[0], told.data(), told.size() - 1), 0);
    EXPECT_TRUE(ends(static_cast<pid_t>(std::stol(told.data()))));
    for (const int descriptor : stop) ::close(descriptor);
}

TEST(Command, that_is_slow_is_told_of_once) {
    int told = 0;
    const auto end =
        run_line({.text = "sleep 600", .limit = 100ms, .slow = 1ms, .when_slow = [&] { ++told; }});
    EXPECT_EQ(end.how, How::time_limit);
    EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace hearth::sources
