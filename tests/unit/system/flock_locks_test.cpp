#include "system/flock_locks.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/system/temporary_folder.hpp"

namespace hearth::system {
namespace {

const auto session = *Name::parse("work");

class SessionLock : public ::testing::Test {
  protected:
    // Whether the lock could be had; it is let go at once.
    bool free() {
        auto lock = locks.try_acquire(session);
        EXPECT_TRUE(lock);
        return lock && *lock;
    }

    testing::TemporaryFolder state;
    FlockLocks locks{state.path()};
};

TEST_F(SessionLock, excludes_everybody_else_while_it_is_held) {
    auto held = locks.try_acquire(session);
    ASSERT_TRUE(held && *held);
    EXPECT_FALSE(free());
    held->reset();
    EXPECT_TRUE(free());
}

TEST_F(SessionLock, excludes_another_object_on_the_same_folder) {
    FlockLocks other(state.path());
    const auto held = other.try_acquire(session);
    ASSERT_TRUE(held && *held);
    EXPECT_FALSE(free());
}

TEST_F(SessionLock, is_one_per_session) {
    const auto held = locks.try_acquire(*Name::parse("other"));
    ASSERT_TRUE(held && *held);
    EXPECT_TRUE(free());
}

TEST_F(SessionLock, is_not_the_sign_in_lock) {
    const auto held = locks.try_acquire_sign_in(session);
    ASSERT_TRUE(held && *held);
    EXPECT_TRUE(free());
    const auto again = locks.try_acquire_sign_in(session);
    ASSERT_TRUE(again);
    EXPECT_FALSE(*again);
}

TEST_F(SessionLock, is_not_the_helpers_lock) {
    const auto held = locks.try_acquire_helper(session);
    ASSERT_TRUE(held && *held);
    EXPECT_TRUE(free());
    const auto again = locks.try_acquire_helper(session);
    ASSERT_TRUE(again);
    EXPECT_FALSE(*again);
}

TEST_F(SessionLock, is_not_another_profiles_sign_in_lock_whatever_the_names) {
    const auto held = locks.try_acquire(*Name::parse("work.signin"));
    ASSERT_TRUE(held && *held);
    const auto sign_in = locks.try_acquire_sign_in(session);
    EXPECT_TRUE(sign_in && *sign_in);
}

TEST_F(SessionLock, dies_with_a_holder_that_is_killed) {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto held = FlockLocks(state.path()).try_acquire(session);
        const char answer = held && *held ? 'y' : 'n';
        (void)!::write(ready[1], &answer, 1);
        while (true) ::pause();
    }
    char answer = 0;
    ASSERT_EQ(::read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    EXPECT_FALSE(free());
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    EXPECT_TRUE(free());
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_F(SessionLock, is_a_private_file_in_a_private_folder_that_stays) {
    ASSERT_TRUE(free());
    struct stat facts{};
    ASSERT_EQ(::stat((state / "locks").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0700U);
    ASSERT_EQ(::stat((state / "locks/work.lock").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(SessionLock, is_taken_on_the_file_that_is_there_now) {
    const auto old = locks.try_acquire(session);
    ASSERT_TRUE(old && *old);
    std::filesystem::remove(state / "locks/work.lock");
    // The old holder's file has no name any more: who comes now gets a lock that the next one
    // respects.
    const auto held = locks.try_acquire(session);
    ASSERT_TRUE(held && *held);
    EXPECT_FALSE(free());
}

TEST_F(SessionLock, is_not_taken_through_a_symbolic_link) {
    ASSERT_TRUE(free());
    std::filesystem::remove(state / "locks/work.lock");
    std::filesystem::create_symlink(state / "elsewhere", state / "locks/work.lock");
    const auto held = locks.try_acquire(session);
    ASSERT_FALSE(held);
    EXPECT_NE(held.error().what.find("work.lock"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(state / "elsewhere"));
}

TEST_F(SessionLock, is_not_made_behind_a_folder_that_is_a_symbolic_link) {
    std::filesystem::create_directory(state / "elsewhere");
    std::filesystem::create_symlink(state / "elsewhere", state / "locks");
    const auto held = locks.try_acquire(session);
    ASSERT_FALSE(held);
    EXPECT_NE(held.error().what.find("is a symbolic link"), std::string::npos);
    EXPECT_TRUE(std::filesystem::is_empty(state / "elsewhere"));
}

TEST_F(SessionLock, works_again_when_its_folder_was_removed) {
    ASSERT_TRUE(free());
    std::filesystem::remove_all(state / "locks");
    EXPECT_TRUE(free());
}

}  // namespace
}  // namespace hearth::system
