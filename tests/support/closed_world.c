// Runs a program that can open no file, reach nobody and start nothing: closed_world PROGRAM
// [ARGUMENT...]
//
// What it was given, by variables and by descriptors that are open already, it has. The first call
// that would get it more ends it with SIGSYS.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DENY(call)                                         \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)

static struct sock_filter rules[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef SYS_open
    DENY(open),
    DENY(creat),
    DENY(fork),
    DENY(vfork),
#endif
    DENY(openat),
    DENY(openat2),
    DENY(socket),
    DENY(socketpair),
    DENY(connect),
    DENY(clone),
    DENY(clone3),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

int main(int count, char** words) {
    const struct sock_fprog program = {.len = sizeof rules / sizeof rules[0], .filter = rules};
    if (count < 2) return 2;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        fprintf(stderr, "closed_world: %s\n", strerror(errno));
        return 125;
    }
    execv(words[1], words + 1);
    return 127;
}
