#include "system/file_journals.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <vector>

#include "unit/system/signal.hpp"
#include "unit/system/temporary_folder.hpp"

namespace hearth::system {
namespace {

using session::Journal;

const auto work = *Name::parse("work");

Journal full_journal() {
    const Version version{.lineage = "abc", .counter = 18'000'000'000'000'000'000ULL};
    return {.stored = version,
            .intent =
                Journal::Intent{
                    .version = version, .attempt = 2, .at = Instant(Span(1'800'000'000'123))},
            .failures = 3,
            .not_before = Instant(Span(-5)),
            .forced = Version{.lineage = "x\"y", .counter = 0},
            .sign_in_needed = "the provider says \"no\"\n",
            .renewed_at = Instant(Span(1)),
            .renewed_by = 4'000'000'000,
            .last_error = "näive"};
}

class Journals : public ::testing::Test {
  protected:
    [[nodiscard]] std::string file() const { return state / "sessions/work.json"; }
    void given_file(const std::string& content) {
        std::filesystem::create_directories(state / "sessions");
        testing::put(file(), content);
    }

    testing::TemporaryFolder state;
    FileJournals journals{state.path()};
};

TEST_F(Journals, are_empty_before_the_first_write) {
    const auto read = journals.read(work);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, Journal{});
}

TEST_F(Journals, come_back_as_they_were_written) {
    for (const auto& journal : {full_journal(), Journal{}}) {
        ASSERT_TRUE(journals.write(work, journal));
        const auto read = FileJournals(state.path()).read(work);
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, journal);
    }
}

TEST_F(Journals, are_readable_though_an_error_is_not_utf8) {
    Journal journal = full_journal();
    journal.last_error = "cannot open /home/n\xe4ive";
    journal.sign_in_needed = "\xff\xc3\xa9";
    ASSERT_TRUE(journals.write(work, journal));
    const auto read = journals.read(work);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->intent, journal.intent);
    EXPECT_EQ(read->last_error, "cannot open /home/n?ive");
    EXPECT_EQ(read->sign_in_needed, "???");
}

TEST_F(Journals, are_one_per_session) {
    ASSERT_TRUE(journals.write(work, full_journal()));
    EXPECT_EQ(journals.read(*Name::parse("other")), Journal{});
}

TEST_F(Journals, are_private) {
    ASSERT_TRUE(journals.write(work, Journal{}));
    struct stat facts{};
    ASSERT_EQ(::stat(file().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(Journals, that_are_damaged_are_empty_and_say_so) {
    const std::string damaged[] = {"",
                                   "{",
                                   "null",
                                   "[]",
                                   "{}",
                                   R"({"format":1})",
                                   R"({"format":1,"stored":7})",
                                   std::string(1000, '[')};
    for (const auto& content : damaged) {
        given_file(content);
        auto read = journals.read(work);
        ASSERT_TRUE(read) << content;
        EXPECT_NE(read->last_error.find(file()), std::string::npos) << content;
        read->last_error.clear();
        EXPECT_EQ(*read, Journal{}) << content;
    }
}

TEST_F(Journals, of_a_newer_hearth_are_not_touched) {
    given_file(R"({"format":2,"stored":"otherwise"})");
    const auto read = journals.read(work);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().what.find(file()), std::string::npos);
    EXPECT_EQ(read.error().hint, "upgrade hearth");
}

TEST_F(Journals, with_members_from_the_future_are_read) {
    ASSERT_TRUE(journals.write(work, full_journal()));
    std::string content = testing::content_of(file());
    testing::put(file(), content.replace(0, 1, R"({"later":[1,2],)"));
    EXPECT_EQ(journals.read(work), full_journal());
}

TEST_F(Journals, that_cannot_be_written_are_an_error_that_names_the_file) {
    testing::put(state / "sessions", "in the way");
    const auto written = journals.write(work, Journal{});
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().what.find(state / "sessions"), std::string::npos);
}

class JournalWatch : public Journals {
  protected:
    void SetUp() override {
        auto watching = journals.watch([this](const SessionId& id) {
            {
                const std::scoped_lock lock(mutex);
                seen.push_back(id.text());
            }
            changed.raise();
        });
        ASSERT_TRUE(watching);
        watch = *std::move(watching);
    }
    std::vector<std::string> names() {
        const std::scoped_lock lock(mutex);
        return seen;
    }

    std::mutex mutex;
    std::vector<std::string> seen;
    testing::Signal changed;
    std::unique_ptr<session::Journals::Watch> watch;
};

TEST_F(JournalWatch, tells_of_a_write) {
    ASSERT_TRUE(journals.write(work, Journal{}));
    ASSERT_TRUE(changed.wait());
    EXPECT_EQ(names(), std::vector<std::string>{"work"});
}

TEST_F(JournalWatch, tells_of_a_write_by_another_process) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(FileJournals(state.path()).write(work, full_journal()) ? 0 : 1);
    ASSERT_TRUE(changed.wait());
    EXPECT_EQ(names(), std::vector<std::string>{"work"});
    EXPECT_EQ(journals.read(work), full_journal());
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST_F(JournalWatch, tells_of_nothing_that_is_no_journal) {
    std::filesystem::rename((testing::put(state / "a", "x"), state / "a"),
                            state / "sessions/readme.txt");
    std::filesystem::rename((testing::put(state / "b", "x"), state / "b"),
                            state / "sessions/-bad-.json");
    ASSERT_TRUE(journals.write(work, Journal{}));
    ASSERT_TRUE(changed.wait());
    EXPECT_EQ(names(), std::vector<std::string>{"work"});
}

TEST_F(JournalWatch, finds_the_folder_again_when_it_was_replaced) {
    std::filesystem::remove_all(state / "sessions");
    ASSERT_TRUE(journals.write(work, Journal{}));
    ASSERT_TRUE(changed.wait());
    EXPECT_EQ(names().front(), "work");
}

TEST_F(JournalWatch, is_silent_once_destroyed) {
    watch.reset();
    ASSERT_TRUE(journals.write(work, Journal{}));
    // A second watch sees what the first would have seen.
    testing::Signal other;
    const auto second = journals.watch([&](const SessionId&) { other.raise(); });
    ASSERT_TRUE(second);
    ASSERT_TRUE(journals.write(work, Journal{}));
    ASSERT_TRUE(other.wait());
    EXPECT_TRUE(names().empty());
}

}  // namespace
}  // namespace hearth::system
