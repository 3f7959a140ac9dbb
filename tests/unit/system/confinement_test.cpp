#include "system/confinement.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <thread>

#include "system/process.hpp"

namespace hearth::system {
namespace {

constexpr int cannot_confine = 77;

// What `attempt` gives in a confined process: a child, since nothing takes the filter away again.
int confined(const std::function<int()>& attempt) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (!harden_process() || !confine_process()) ::_exit(cannot_confine);
        ::_exit(attempt());
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// The error of a call that has to fail, or zero.
int problem_of(long result) { return result == -1 ? errno : 0; }

class ConfinedProcess : public ::testing::Test {
  protected:
    void SetUp() override {
        if (confined([] { return 0; }) == cannot_confine) {
            GTEST_SKIP() << "this kernel does not filter system calls";
        }
    }
};

#ifndef HEARTH_SANITIZED  // There these are left to the sanitizers.
TEST_F(ConfinedProcess, starts_no_program) {
    EXPECT_EQ(confined([] { return problem_of(::execl("/bin/true", "true", nullptr)); }), EPERM);
    EXPECT_EQ(confined([] {
                  const int file = ::open("/bin/true", O_PATH | O_CLOEXEC);
                  return problem_of(::syscall(SYS_execveat, file, "", nullptr, nullptr, 0x1000));
              }),
              EPERM);
}

TEST_F(ConfinedProcess, traces_nobody) {
    EXPECT_EQ(confined([] {
                  const pid_t victim = ::fork();
                  if (victim == 0) ::pause();
                  const int problem = problem_of(::ptrace(PTRACE_ATTACH, victim, nullptr, nullptr));
                  ::kill(victim, SIGKILL);
                  return problem;
              }),
              EPERM);
}
#endif

TEST_F(ConfinedProcess, writes_into_nobodys_memory_and_takes_nobodys_descriptors) {
    EXPECT_EQ(confined([] {
                  return problem_of(
                      ::syscall(SYS_process_vm_writev, ::getpid(), nullptr, 0, nullptr, 0, 0));
              }),
              EPERM);
    EXPECT_EQ(confined([] {
                  const auto self = ::syscall(SYS_pidfd_open, ::getpid(), 0);
                  return problem_of(::syscall(SYS_pidfd_getfd, self, 0, 0));
              }),
              EPERM);
}

TEST_F(ConfinedProcess, makes_no_namespace) {
    EXPECT_EQ(confined([] { return problem_of(::syscall(SYS_unshare, CLONE_NEWUSER)); }), EPERM);
    EXPECT_EQ(confined([] {
                  const long child =
                      ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, 0);
                  if (child == 0) ::_exit(0);
                  return problem_of(child);
              }),
              EPERM);
    EXPECT_EQ(confined([] { return problem_of(::syscall(SYS_clone3, nullptr, 0)); }), ENOSYS);
}

TEST_F(ConfinedProcess, opens_the_usual_sockets_and_no_others) {
    const auto socket_of = [](int family, int kind) {
        return confined([=] { return problem_of(::socket(family, kind, 0)); });
    };
    EXPECT_EQ(socket_of(AF_UNIX, SOCK_STREAM), 0);
    EXPECT_EQ(socket_of(AF_INET, SOCK_STREAM), 0);
    EXPECT_EQ(socket_of(AF_NETLINK, SOCK_RAW), 0);
    EXPECT_EQ(socket_of(AF_ALG, SOCK_SEQPACKET), EAFNOSUPPORT);
    EXPECT_EQ(socket_of(AF_VSOCK, SOCK_STREAM), EAFNOSUPPORT);
    EXPECT_EQ(socket_of(AF_PACKET, SOCK_RAW), EAFNOSUPPORT);
}

TEST_F(ConfinedProcess, types_nothing_into_its_terminal) {
    EXPECT_EQ(confined([] { return problem_of(::ioctl(STDIN_FILENO, TIOCSTI, "x")); }), EPERM);
}

TEST_F(ConfinedProcess, reaches_no_part_of_the_kernel_that_it_does_not_need) {
    for (const long call : {SYS_bpf, SYS_userfaultfd, SYS_io_uring_setup, SYS_keyctl,
                            SYS_perf_event_open, SYS_mount, SYS_init_module, SYS_kexec_load}) {
        EXPECT_EQ(confined([=] { return problem_of(::syscall(call, 0, 0, 0, 0, 0)); }), EPERM)
            << call;
    }
}

#ifdef __x86_64__
TEST_F(ConfinedProcess, cannot_make_the_same_calls_by_the_other_interface) {
    constexpr long x32 = 0x40000000;
    EXPECT_EQ(confined([] { return problem_of(::syscall(x32 + SYS_getpid)); }), EPERM);
}
#endif

TEST_F(ConfinedProcess, still_has_threads_children_and_memory_to_run_code_in) {
    EXPECT_EQ(confined([] {
                  std::atomic<bool> ran = false;
                  std::thread([&] { ran = true; }).join();
                  const pid_t child = ::fork();
                  if (child == 0) ::_exit(0);
                  void* const code = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC,
                                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  return ran && ::waitpid(child, nullptr, 0) == child && code != MAP_FAILED ? 0 : 1;
              }),
              0);
}

TEST_F(ConfinedProcess, is_confined_in_threads_that_were_there_before) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::atomic<bool> told = false;
        std::atomic<int> problem = -1;
        std::thread earlier([&] {
            told.wait(false);
            problem = problem_of(::syscall(SYS_unshare, CLONE_NEWUSER));
        });
        const bool done = harden_process() && confine_process();
        told = true;
        told.notify_all();
        earlier.join();
        ::_exit(done ? problem.load() : cannot_confine);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), EPERM);
}

}  // namespace
}  // namespace hearth::system
