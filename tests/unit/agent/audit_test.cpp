#include "agent/audit.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <vector>

#include "support/fake_clock.hpp"
#include "temporary_folder.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

// Timers run when the test says so.
class HandLoop : public session::Loop {
  public:
    void post(Task task) override { task(); }
    TimerId at(Span /*boot*/, Task task) override {
        tasks_.emplace(++last_, std::move(task));
        return last_;
    }
    void cancel(TimerId timer) override { tasks_.erase(timer); }
    void run() {
        auto tasks = std::exchange(tasks_, {});
        for (auto& [id, task] : tasks) task();
    }

  private:
    std::map<TimerId, Task> tasks_;
    TimerId last_ = 0;
};

class AuditLog : public ::testing::Test {
  protected:
    void hand_out(std::int64_t pid) {
        audit.handed_out(pid, profile, "token", [this] {
            ++looked_up;
            return std::string("/usr/bin/program");
        });
    }
    [[nodiscard]] std::ptrdiff_t lines() const {
        const auto text = testing::content(path);
        return std::ranges::count(text, '\n');
    }

    testing::TemporaryFolder folder;
    testing::FakeClock clock;
    HandLoop loop;
    std::string path = folder.path() + "/audit.log";
    ProfileName profile = *ProfileName::parse("work");
    int looked_up = 0;
    Audit audit{clock, loop, path};
};

TEST_F(AuditLog, tells_who_and_when_in_one_line_per_process_and_minute) {
    for (int i = 0; i < 1000; ++i) hand_out(42);
    EXPECT_EQ(lines(), 0) << "nothing is written before the timer";
    loop.run();
    EXPECT_EQ(lines(), 1);
    EXPECT_EQ(looked_up, 1);
    const auto text = testing::content(path);
    EXPECT_NE(text.find("\"pid\":42"), std::string::npos);
    EXPECT_NE(text.find("/usr/bin/program"), std::string::npos);
    EXPECT_NE(text.find("\"profile\":\"work\",\"op\":\"token\",\"count\":1"), std::string::npos);
}

TEST_F(AuditLog, tells_of_the_first_one_of_a_minute) {
    std::vector<std::string> told;
    audit.tell([&](const ProfileName& name, const std::string& text) {
        told.push_back(name.text() + ": " + text);
    });
    for (int i = 0; i < 3; ++i) hand_out(7);
    clock.advance(61s);
    hand_out(7);
    EXPECT_EQ(told, std::vector<std::string>(2, "work: token, to process 7 (/usr/bin/program)"));
}

TEST_F(AuditLog, counts_the_further_ones_at_the_end_of_the_minute) {
    for (int i = 0; i < 10; ++i) hand_out(42);
    clock.advance(61s);
    hand_out(43);
    loop.run();
    EXPECT_EQ(lines(), 3);
    EXPECT_NE(testing::content(path).find("\"count\":9"), std::string::npos);
}

TEST_F(AuditLog, is_private_and_bounded) {
    for (std::int64_t pid = 1; pid < 20'000; ++pid) hand_out(pid);
    loop.run();
    for (std::int64_t pid = 20'000; pid < 40'000; ++pid) {
        hand_out(pid);
        if (pid % 100 == 0) loop.run();
    }
    struct stat status{};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_LE(status.st_size, 1024 * 1024);
    ASSERT_EQ(::stat((path + ".1").c_str(), &status), 0);
    EXPECT_FALSE(std::filesystem::exists(path + ".2"));
}

TEST(LineFile, replaces_what_is_not_its_own_file_and_writes_nothing_behind_it) {
    namespace fs = std::filesystem;
    const testing::TemporaryFolder folder;
    const auto path = folder.path() + "/audit.log";
    const auto outside = folder.path() + "/outside";
    const std::vector<std::function<void()>> planted{
        [&] { fs::create_symlink(outside, path); },
        [&] { fs::create_hard_link(outside, path); },
        [&] { ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); },
    };
    for (const auto& plant : planted) {
        fs::remove(path);
        std::ofstream(outside) << "somebody's words";
        plant();
        LineFile(path).append("a line\n");
        EXPECT_EQ(testing::content(outside), "somebody's words");
        EXPECT_EQ(testing::content(path), "a line\n");
        EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path)));
    }
}

TEST(Log, keeps_to_its_level_and_to_one_line_per_message) {
    const testing::TemporaryFolder folder;
    const testing::FakeClock clock;
    Log log(clock, folder.path() + "/agent.log", LogLevel::warn);
    log.info("not this");
    log.warn("two\nlines");
    const auto text = testing::content(folder.path() + "/agent.log");
    EXPECT_EQ(text.find("not this"), std::string::npos);
    EXPECT_NE(text.find(" warn two lines\n"), std::string::npos);
}

}  // namespace
}  // namespace hearth::agent
