#include "system/confinement.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hearth::system {
namespace {

// A list of what is refused rather than of what is allowed: libcurl, GLib and the resolver's
// plug-ins make calls that change with the distribution, and an agent that dies of an update would
// be worse. The order does not matter: the kernel keeps the verdict for each number.
constexpr std::array refused{
    // Another process: its memory, its descriptors, its events.
    SYS_process_vm_writev,
    SYS_process_madvise,
    SYS_pidfd_getfd,
    SYS_kcmp,
    SYS_perf_event_open,
    SYS_move_pages,
    SYS_migrate_pages,
    SYS_fanotify_init,
    // Another view of the system.
    SYS_unshare,
    SYS_setns,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_mount_setattr,
    SYS_open_by_handle_at,
    // Parts of the kernel in which faults are found most often, and which nothing here needs.
    SYS_bpf,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    // The machine.
    SYS_kexec_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_quotactl,
    SYS_quotactl_fd,
    SYS_syslog,
    SYS_vhangup,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_mknodat,
#ifdef __x86_64__
    SYS_kexec_file_load,
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
    SYS_uselib,
    SYS_mknod,
#endif
#ifndef HEARTH_SANITIZED  // The sanitizers' own threads trace, and name functions by a program.
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_personality,
#endif
};

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv)
constexpr std::uint32_t architecture = AUDIT_ARCH_RISCV64;
#endif

constexpr std::uint32_t number_at = offsetof(seccomp_data, nr);
constexpr std::uint32_t architecture_at = offsetof(seccomp_data, arch);
// The lower half of an argument; these machines store it first.
constexpr std::uint32_t argument_at(std::size_t index) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + (index * sizeof(__u64)));
}

constexpr std::uint32_t allow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t refuse_with(int problem) {
    return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(problem) & SECCOMP_RET_DATA);
}

// Writes the program that the kernel runs at each call: a list of questions about the number, each
// of which ends in a verdict or goes on to the next.
class Filter {
  public:
    constexpr Filter() {
        load(architecture_at);
        unless_equal(architecture, refuse_with(EPERM));
        load(number_at);
#ifdef __x86_64__
        // The numbers of the x32 interface, by which the same calls could be made.
        add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, 0, 1);
        verdict(refuse_with(EPERM));
#endif
        for (const auto call : refused) when_equal(number(call), refuse_with(EPERM));
        // Its flags lie in memory, where a filter cannot look; without it the C library makes
        // threads by clone.
        when_equal(number(SYS_clone3), refuse_with(ENOSYS));
        no_namespaces();
        usual_sockets_only();
        no_typing_into_terminals();
        verdict(allow);
    }

    [[nodiscard]] constexpr std::span<const sock_filter> program() const noexcept {
        return {steps_.data(), size_};
    }

  private:
    static constexpr std::uint32_t number(long call) { return static_cast<std::uint32_t>(call); }

    constexpr void add(std::uint32_t code, std::uint32_t value, std::uint8_t yes = 0,
                       std::uint8_t no = 0) {
        steps_.at(size_++) = {
            .code = static_cast<std::uint16_t>(code), .jt = yes, .jf = no, .k = value};
    }
    constexpr void load(std::uint32_t offset) { add(BPF_LD | BPF_W | BPF_ABS, offset); }
    constexpr void verdict(std::uint32_t what) { add(BPF_RET | BPF_K, what); }
    constexpr void when_equal(std::uint32_t value, std::uint32_t what) {
        add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
        verdict(what);
    }
    constexpr void unless_equal(std::uint32_t value, std::uint32_t what) {
        add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
        verdict(what);
    }

    constexpr void no_namespaces() {
        constexpr std::uint32_t namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
                                             CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
                                             CLONE_NEWCGROUP;
        add(BPF_JMP | BPF_JEQ | BPF_K, number(SYS_clone), 0, 4);
        load(argument_at(0));
        add(BPF_JMP | BPF_JSET | BPF_K, namespaces, 0, 1);
        verdict(refuse_with(EPERM));
        verdict(allow);
    }

    // Netlink is how the resolver learns which addresses this machine has.
    constexpr void usual_sockets_only() {
        constexpr std::array<std::uint32_t, 4> families{AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
        add(BPF_JMP | BPF_JEQ | BPF_K, number(SYS_socket), 0, 2 + (2 * families.size()));
        load(argument_at(0));
        for (const auto family : families) when_equal(family, allow);
        verdict(refuse_with(EAFNOSUPPORT));
    }

    // An agent in the foreground shares the terminal of the person who started it.
    constexpr void no_typing_into_terminals() {
        constexpr std::uint32_t push_back_input = TIOCSTI;
        constexpr std::uint32_t paste_selection = TIOCLINUX;
        add(BPF_JMP | BPF_JEQ | BPF_K, number(SYS_ioctl), 0, 6);
        load(argument_at(1));
        when_equal(push_back_input, refuse_with(EPERM));
        when_equal(paste_selection, refuse_with(EPERM));
        verdict(allow);
    }

    std::array<sock_filter, (2 * refused.size()) + 40> steps_{};
    std::size_t size_ = 0;
};

}  // namespace

bool confine_process() noexcept {
    static constexpr Filter filter;
    static constexpr auto program = filter.program();
    // The kernel only reads it, through a pointer that is not const.
    const sock_fprog told{.len = static_cast<unsigned short>(program.size()),
                          .filter = const_cast<sock_filter*>(program.data())};  // NOLINT
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &told) == 0;
}

}  // namespace hearth::system
