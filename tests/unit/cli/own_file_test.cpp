#include "cli/own_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace hearth::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class OwnFiles : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "hearth-own-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        root = pattern;
    }
    void TearDown() override { fs::remove_all(root); }

    fs::path write(const std::string& name, const std::string& text, unsigned mode = 0600) {
        std::ofstream(root / name, std::ios::binary) << text;
        fs::permissions(root / name, fs::perms(mode));
        return root / name;
    }
    static std::string problem_of(const fs::path& path) {
        const auto file = own_file(path.string(), 1024);
        return file ? file->problem : "nothing is there";
    }

    fs::path root;
};

TEST_F(OwnFiles, are_read_as_they_are) {
    const auto file = own_file(write("a", "text\nmore").string(), 1024);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->problem, "");
    EXPECT_EQ(file->text.reveal(), "text\nmore");
    EXPECT_FALSE(file->readable_by_others);
}

TEST_F(OwnFiles, that_others_may_read_are_read_and_marked) {
    for (const unsigned mode : {0640U, 0604U}) {
        const auto file = own_file(write("a", "text", mode).string(), 1024);
        ASSERT_TRUE(file);
        EXPECT_EQ(file->problem, "");
        EXPECT_TRUE(file->readable_by_others);
    }
}

TEST_F(OwnFiles, that_are_none_are_told_from_those_that_cannot_be_used) {
    EXPECT_EQ(problem_of(root / "absent"), "nothing is there");
    EXPECT_EQ(problem_of(write("a", "") / "below"), "nothing is there");
    EXPECT_EQ(problem_of(write("a", std::string(1024, 'x'))), "");
    EXPECT_EQ(problem_of(write("a", std::string(1025, 'x'))), "is longer than 1 KiB");
    EXPECT_EQ(problem_of(write("a", "\xff")), "is not UTF-8 text");
    EXPECT_EQ(problem_of(write("a", "x", 0602)), "can be written by others");
    EXPECT_EQ(problem_of(root), "is not a file");
    ASSERT_EQ(::mkfifo((root / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(problem_of(root / "pipe"), "is not a file");
    fs::create_symlink("loop", root / "loop");
    EXPECT_EQ(problem_of(root / "loop"), "is a symbolic link");
    EXPECT_EQ(problem_of(root / "loop/below"), "cannot be read");
}

TEST_F(OwnFiles, are_listed_in_order) {
    for (const auto* const name : {"b", "c", ".a"}) write(name, "");
    EXPECT_THAT(names_in(root.string()), ElementsAre(".a", "b", "c"));
    EXPECT_THAT(names_in((root / "absent").string()), IsEmpty());
    EXPECT_THAT(names_in((root / "b").string()), IsEmpty());
}

}  // namespace
}  // namespace hearth::cli
