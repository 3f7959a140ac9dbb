#include "system/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "unit/system/temporary_folder.hpp"

namespace hearth::system {
namespace {

namespace fs = std::filesystem;
using testing::content_of;
using testing::put;
using testing::TemporaryFolder;

unsigned mode_of(const std::string& path) {
    struct stat facts{};
    EXPECT_EQ(::lstat(path.c_str(), &facts), 0);
    return facts.st_mode & 0777U;
}

std::size_t entries(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST(PrivateFolder, is_made_with_all_that_is_missing_above_it) {
    const TemporaryFolder home;
    ASSERT_TRUE(ensure_private_folder(home / "a/b/c/"));
    EXPECT_EQ(mode_of(home / "a"), 0700U);
    EXPECT_EQ(mode_of(home / "a/b/c"), 0700U);
}

TEST(PrivateFolder, that_is_open_to_others_is_closed_to_them) {
    const TemporaryFolder home;
    fs::create_directory(home / "a");
    fs::permissions(home / "a", fs::perms::all);
    ASSERT_TRUE(ensure_private_folder(home / "a"));
    EXPECT_EQ(mode_of(home / "a"), 0700U);
}

TEST(PrivateFolder, is_not_a_symbolic_link) {
    const TemporaryFolder home;
    fs::create_directory(home / "real");
    fs::create_directory_symlink(home / "real", home / "link");
    const auto made = ensure_private_folder(home / "link/");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what.find(home / "link"), 0U);
    EXPECT_NE(made.error().what.find("symbolic link"), std::string::npos);
}

TEST(PrivateFolder, is_not_a_file) {
    const TemporaryFolder home;
    put(home / "a", "text");
    EXPECT_FALSE(ensure_private_folder(home / "a"));
    EXPECT_FALSE(ensure_private_folder(home / "a/b"));
    EXPECT_EQ(content_of(home / "a"), "text");
}

TEST(PrivateFolder, is_not_somebody_elses) {
    const TemporaryFolder home;
    std::string foreign = "/";
    if (::geteuid() == 0) {
        foreign = home / "foreign";
        fs::create_directory(foreign);
        ASSERT_EQ(::chown(foreign.c_str(), 65534, 65534), 0);
    }
    const auto made = ensure_private_folder(foreign);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().what.find("belongs to another user"), std::string::npos);
    EXPECT_FALSE(made.error().hint.empty());
}

TEST(AtomicWrite, replaces_the_whole_file_and_leaves_nothing_beside_it) {
    const TemporaryFolder home;
    ASSERT_TRUE(atomic_write(home / "a", std::string(100'000, 'x')));
    ASSERT_TRUE(atomic_write(home / "a", "new"));
    EXPECT_EQ(content_of(home / "a"), "new");
    EXPECT_EQ(mode_of(home / "a"), 0600U);
    EXPECT_EQ(entries(home.path()), 1U);
}

TEST(AtomicWrite, gives_the_mode_asked_for_whatever_the_umask) {
    const TemporaryFolder home;
    const auto before = ::umask(0077);
    EXPECT_TRUE(atomic_write(home / "a", "text", 0644));
    (void)::umask(before);
    EXPECT_EQ(mode_of(home / "a"), 0644U);
}

TEST(AtomicWrite, that_fails_leaves_the_old_content_and_nothing_else) {
    const TemporaryFolder home;
    fs::create_directory(home / "a");
    put(home / "a/inside", "kept");
    const auto written = atomic_write(home / "a", "text");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().what.find("cannot write " + (home / "a")), 0U);
    EXPECT_EQ(entries(home.path()), 1U);
    EXPECT_EQ(content_of(home / "a/inside"), "kept");
}

TEST(AtomicWrite, names_the_folder_that_is_not_there) {
    const TemporaryFolder home;
    const auto written = atomic_write(home / "none/a", "text");
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().what.find("No such file or directory"), std::string::npos);
}

TEST(AtomicWrite, never_shows_a_reader_half_a_file) {
    const TemporaryFolder home;
    const std::string path = home / "a";
    const std::string one(50'000, '1');
    const std::string two(50'000, '2');
    ASSERT_TRUE(atomic_write(path, one));
    std::atomic<bool> done = false;
    std::jthread writer([&] {
        for (int i = 0; i < 50; ++i) EXPECT_TRUE(atomic_write(path, i % 2 == 0 ? two : one));
        done = true;
    });
    while (!done) {
        const auto read = read_secret_file(path, 100'000);
        ASSERT_TRUE(read && *read);
        EXPECT_TRUE((*read)->reveal() == one || (*read)->reveal() == two);
    }
}

TEST(ReadSecretFile, gives_the_content_back_byte_for_byte) {
    const TemporaryFolder home;
    const std::string bytes = std::string("a\0b\n", 4) + std::string(10'000, '\xff');
    put(home / "a", bytes);
    const auto read = read_secret_file(home / "a", bytes.size());
    ASSERT_TRUE(read && *read);
    EXPECT_EQ((*read)->reveal(), bytes);
}

TEST(ReadSecretFile, is_empty_handed_without_a_file_and_not_with_an_empty_one) {
    const TemporaryFolder home;
    const auto absent = read_secret_file(home / "a", 10);
    ASSERT_TRUE(absent);
    EXPECT_FALSE(*absent);
    put(home / "a", "");
    const auto empty = read_secret_file(home / "a", 10);
    ASSERT_TRUE(empty && *empty);
    EXPECT_TRUE((*empty)->empty());
}

TEST(ReadSecretFile, refuses_what_is_longer_than_the_limit) {
    const TemporaryFolder home;
    put(home / "a", "0123456789a");
    const auto read = read_secret_file(home / "a", 10);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, (home / "a") + " is longer than 10 bytes");
}

TEST(ReadSecretFile, refuses_links_pipes_and_folders) {
    const TemporaryFolder home;
    put(home / "real", "text");
    fs::create_symlink(home / "real", home / "link");
    ASSERT_EQ(::mkfifo((home / "pipe").c_str(), 0600), 0);
    EXPECT_FALSE(read_secret_file(home / "link", 10));
    EXPECT_FALSE(read_secret_file(home / "pipe", 10));
    EXPECT_FALSE(read_secret_file(home.path(), 10));
}

TEST(RemoveFile, is_content_when_there_is_none) {
    const TemporaryFolder home;
    put(home / "a", "text");
    EXPECT_TRUE(remove_file(home / "a"));
    EXPECT_FALSE(fs::exists(home / "a"));
    EXPECT_TRUE(remove_file(home / "a"));
}

TEST(RemoveFile, says_what_it_cannot_remove) {
    const TemporaryFolder home;
    const auto removed = remove_file(home.path());
    ASSERT_FALSE(removed);
    EXPECT_NE(removed.error().what.find(home.path()), std::string::npos);
}

}  // namespace
}  // namespace hearth::system
