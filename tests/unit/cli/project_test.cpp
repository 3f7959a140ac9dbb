#include "cli/project.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace hearth::cli {
namespace {

namespace fs = std::filesystem;

// A home below a folder that has a file, too; and the working folder is as before afterwards.
class ProjectFiles : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "hearth-project-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        root = fs::canonical(pattern);
        fs::create_directories(home());
    }
    void TearDown() override {
        fs::current_path(before);
        fs::remove_all(root);
    }

    [[nodiscard]] fs::path home() const { return root / "home"; }
    static void write(const fs::path& folder, const std::string& text) {
        fs::create_directories(folder);
        std::ofstream(folder / ".hearth.toml", std::ios::binary) << text;
        fs::permissions(folder / ".hearth.toml", fs::perms(0644));
    }
    [[nodiscard]] std::optional<Project> found_from(const fs::path& folder) const {
        fs::create_directories(folder);
        fs::current_path(folder);
        return project_here([this](std::string_view name) -> std::optional<std::string> {
            if (name == "HOME") return home().string();
            return std::nullopt;
        });
    }
    // What was found, when that is not in question.
    static Project sure(std::optional<Project> found) {
        EXPECT_TRUE(found);
        return std::move(found).value_or(Project{});
    }
    static std::string problem_in(const fs::path& folder) {
        const auto project = project_in(folder.string());
        return project ? project->problem : "nothing was found";
    }

    fs::path root;
    fs::path before = fs::current_path();
};

TEST_F(ProjectFiles, are_looked_for_upwards_and_the_nearest_one_counts) {
    write(home() / "app", "outer");
    write(home() / "app/in/inner", "inner");
    const auto found = sure(found_from(home() / "app/in"));
    EXPECT_EQ(found.folder, (home() / "app").string());
    EXPECT_EQ(found.text.reveal(), "outer");
    EXPECT_EQ(found.problem, "");
    EXPECT_EQ(sure(found_from(home() / "app/in/inner/deep")).text.reveal(), "inner");
}

TEST_F(ProjectFiles, are_looked_for_no_higher_than_the_home_folder) {
    write(root, "above");
    EXPECT_FALSE(found_from(home() / "app"));
    write(home(), "home");
    EXPECT_EQ(sure(found_from(home() / "app")).text.reveal(), "home");
    EXPECT_EQ(sure(found_from(root / "elsewhere")).text.reveal(), "above");
}

TEST_F(ProjectFiles, are_known_by_their_folder_without_links) {
    write(home() / "app", "text");
    fs::create_directory_symlink(home() / "app", home() / "link");
    EXPECT_EQ(sure(found_from(home() / "link")).folder, (home() / "app").string());
    EXPECT_EQ(whole_path((home() / "link").string()), (home() / "app").string());
}

TEST_F(ProjectFiles, that_are_no_files_are_not_opened) {
    fs::create_directories(home() / "a/.hearth.toml");
    EXPECT_EQ(problem_in(home() / "a"), "is not a file");
    fs::create_directories(home() / "b");
    ASSERT_EQ(::mkfifo((home() / "b/.hearth.toml").c_str(), 0600), 0);
    EXPECT_EQ(problem_in(home() / "b"), "is not a file");
    fs::create_directories(home() / "c");
    fs::create_symlink("/dev/zero", home() / "c/.hearth.toml");
    EXPECT_EQ(problem_in(home() / "c"), "is a symbolic link");
}

TEST_F(ProjectFiles, that_others_can_write_are_refused) {
    write(home(), "text");
    fs::permissions(home() / ".hearth.toml", fs::perms(0602));
    EXPECT_EQ(problem_in(home()), "can be written by others");
    fs::permissions(home() / ".hearth.toml", fs::perms(0664));
    EXPECT_EQ(problem_in(home()), "");
    if (::geteuid() != 0) GTEST_SKIP() << "only root gives files to others";
    ASSERT_EQ(::chown((home() / ".hearth.toml").c_str(), 0, ::getegid() + 1), 0);
    EXPECT_EQ(problem_in(home()), "can be written by others");
    fs::permissions(home() / ".hearth.toml", fs::perms(0644));
    ASSERT_EQ(::chown((home() / ".hearth.toml").c_str(), 4242, ::getegid()), 0);
    EXPECT_EQ(problem_in(home()), "belongs to somebody else");
}

TEST_F(ProjectFiles, have_64_kib_of_text_at_most) {
    write(home(), std::string(64UL * 1024, '#'));
    EXPECT_EQ(problem_in(home()), "");
    write(home(), std::string((64UL * 1024) + 1, '#'));
    EXPECT_EQ(problem_in(home()), "is longer than 64 KiB");
    write(home(), "\xff\xfe");
    EXPECT_EQ(problem_in(home()), "is not UTF-8 text");
}

TEST_F(ProjectFiles, in_a_folder_whose_path_is_no_text_are_refused) {
    write(home() / "caf\xe9", "text");
    const auto project = sure(project_in((home() / "caf\xe9").string()));
    EXPECT_EQ(project.folder, (home() / "caf\\xe9").string());
    EXPECT_EQ(project.problem, "lies in a folder whose path is not UTF-8");
}

TEST_F(ProjectFiles, travel_as_they_were_read_apart_from_what_is_no_secret) {
    write(home(), "client_secret = \"s3cret\"\n");
    Request request("token");
    offer(sure(project_in(home().string())), request);
    EXPECT_EQ(request.head().find("s3cret"), std::string_view::npos);
    EXPECT_NE(request.tail().find("s3cret"), std::string_view::npos);
}

}  // namespace
}  // namespace hearth::cli
