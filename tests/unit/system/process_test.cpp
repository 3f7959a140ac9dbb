#include "system/process.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "core/locked_pages.hpp"
#include "system/clock.hpp"
#include "system/random.hpp"

namespace hearth::system {
namespace {

TEST(SystemClock, does_not_go_back_and_knows_the_boot) {
    const SystemClock clock;
    const auto first = clock.now();
    const auto second = SystemClock().now();
    EXPECT_GE(second.boot, first.boot);
    EXPECT_GT(first.boot, Span(0));
    EXPECT_TRUE(first.boot_id.known());
    EXPECT_EQ(first.boot_id, second.boot_id);
    EXPECT_GT(first.wall, Instant(std::chrono::seconds(1'700'000'000)));
}

TEST(SystemRandom, fills_all_of_it_and_never_the_same) {
    SystemRandom random;
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) seen.insert(random.hex(16));
    EXPECT_EQ(seen.size(), 100U);
    // 100 000 bytes take more than one call; a quarter left at zero would show.
    std::vector<std::byte> bytes(100'000);
    random.fill(bytes);
    EXPECT_LT(std::ranges::count(bytes, std::byte{0}), 1'000);
}

TEST(Environment, tells_unset_from_empty) {
    ::setenv("HEARTH_TEST_EMPTY", "", 1);
    ::unsetenv("HEARTH_TEST_UNSET");
    const auto look_up = environment();
    EXPECT_EQ(look_up("HEARTH_TEST_EMPTY"), "");
    EXPECT_EQ(look_up("HEARTH_TEST_UNSET"), std::nullopt);
}

TEST(ExecutableFolder, holds_this_program) {
    const auto folder = executable_folder();
    ASSERT_TRUE(folder);
    EXPECT_TRUE(std::filesystem::exists(*folder + "/system_test"));
}

// In a child, since none of it can be undone.
TEST(HardenedProcess, shows_itself_to_nobody) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        rlimit core{};
        const bool hardened =
            harden_process().has_value() && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
            ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && ::getrlimit(RLIMIT_CORE, &core) == 0 &&
            core.rlim_cur == 0 && core.rlim_max == 0 && ::umask(0) == 0077;
        ::_exit(hardened ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(Peer, of_a_socket_is_the_process_that_connected) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    const auto peer = peer_of(ends[0]);
    ASSERT_TRUE(peer);
    EXPECT_EQ(peer->pid, ::getpid());
    EXPECT_EQ(peer->uid, ::geteuid());
    EXPECT_TRUE(peer->executable.ends_with("/system_test"));
    EXPECT_TRUE(same_user(*peer));
    EXPECT_FALSE(same_user({.pid = 1, .uid = ::geteuid() + 1, .executable = {}}));
    for (const int end : ends) ::close(end);
}

TEST(Peer, of_something_else_is_an_error) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    EXPECT_FALSE(peer_of(ends[0]));
    for (const int end : ends) ::close(end);
}

TEST(LockedPages, are_whole_pages_of_zeros) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto pages = map_locked_pages(page + 1);
    EXPECT_EQ(pages.size, 2 * page);
    EXPECT_EQ(std::string_view(pages.start, pages.size), std::string(2 * page, '\0'));
    unmap_locked_pages(pages);
    unmap_locked_pages({});
}

TEST(LockedPages, are_empty_in_a_forked_child) {
    const auto pages = map_locked_pages(1);
    pages.start[0] = 's';
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(pages.start[0]);
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(pages.start[0], 's');
    unmap_locked_pages(pages);
}

TEST(LockedPages, throw_when_there_is_no_such_room) {
    EXPECT_THROW(map_locked_pages(~std::size_t{0}), std::bad_alloc);
    EXPECT_THROW(map_locked_pages(~std::size_t{0} / 4), std::bad_alloc);
}

}  // namespace
}  // namespace hearth::system
