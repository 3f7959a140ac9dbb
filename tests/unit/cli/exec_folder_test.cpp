#include "cli/exec_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

namespace hearth::cli {
namespace {

namespace fs = std::filesystem;

class ExecFolderTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string place = (fs::temp_directory_path() / "hearth-exec-XXXXXX").string();
        home_ = ::mkdtemp(place.data());
    }
    void TearDown() override { fs::remove_all(home_); }
    [[nodiscard]] Environment environment() const {
        return [home = home_](std::string_view name) -> std::optional<std::string> {
            if (name == "HEARTH_HOME") return home;
            return std::nullopt;
        };
    }
    [[nodiscard]] std::size_t folders() const {
        const fs::directory_iterator all(home_ + "/run/exec");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    std::string home_;
};

TEST_F(ExecFolderTest, is_empty_and_the_users_own) {
    const auto folder = ExecFolder::make(environment());
    ASSERT_TRUE(folder) << folder.error().what;
    struct stat found{};
    ASSERT_EQ(::lstat(folder->path().c_str(), &found), 0);
    EXPECT_TRUE(S_ISDIR(found.st_mode));
    EXPECT_EQ(found.st_mode & 0777U, 0700U);
    EXPECT_TRUE(fs::is_empty(folder->path()));
}

TEST_F(ExecFolderTest, goes_with_all_that_was_left_in_it_and_nothing_behind_its_links) {
    const auto outside = home_ + "/outside";
    std::ofstream(outside) << "kept";
    {
        auto made = ExecFolder::make(environment());
        ASSERT_TRUE(made);
        const auto folder = *std::move(made);
        fs::create_directories(folder.path() + "/logs/today");
        std::ofstream(folder.path() + "/logs/today/file") << "x";
        fs::create_symlink(outside, folder.path() + "/link");
        fs::create_directory_symlink(home_, folder.path() + "/folder");
        EXPECT_EQ(folders(), 1U);
    }
    EXPECT_EQ(folders(), 0U);
    EXPECT_TRUE(fs::exists(outside));
}

TEST_F(ExecFolderTest, of_a_process_that_was_killed_goes_with_the_next_one) {
    const pid_t child = ::fork();
    if (child == 0) {
        auto made = ExecFolder::make(environment());
        if (!made) ::_exit(1);
        std::ofstream(made->path() + "/file") << "x";
        ::_exit(0);  // No destructor runs.
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    ASSERT_EQ(folders(), 1U);
    const auto first = ExecFolder::make(environment());
    ASSERT_TRUE(first);
    EXPECT_EQ(folders(), 1U);
    EXPECT_TRUE(fs::exists(first->path()));
}

TEST_F(ExecFolderTest, of_one_that_lives_stays) {
    const auto first = ExecFolder::make(environment());
    const auto second = ExecFolder::make(environment());
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->path(), second->path());
    EXPECT_EQ(folders(), 2U);
}

TEST_F(ExecFolderTest, is_made_nowhere_that_others_can_enter) {
    fs::create_directory(home_ + "/run");
    fs::permissions(home_ + "/run", fs::perms::all);
    const auto folder = ExecFolder::make(environment());
    ASSERT_FALSE(folder);
    EXPECT_TRUE(folder.error().what.contains("/run"));
}

}  // namespace
}  // namespace hearth::cli
