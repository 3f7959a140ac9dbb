// Preloaded into hearth-agent by scenarios: ends it at a chosen step, makes its clocks stand
// elsewhere, or makes its disk full or slow.
//
//   SHIM_KILL=STEP[:PATH]   SIGKILL itself at the first such step whose file's path holds PATH;
//   STEP is one of
//                           before-lock, after-lock, before-rename, after-rename, before-connect,
//                           after-send, after-answer
//   SHIM_RUN=STEP[:PATH]    runs the command in SHIM_COMMAND there, once, and goes on
//   SHIM_CLOCK=SECONDS      wall and boot-time clocks stand so much later
//   SHIM_FULL=FILE          while that file exists, there is no space left for any other
//   SHIM_READ_ONLY=FILE     while that file exists, no other can be made, changed or removed
//   SHIM_SLOW=MILLISECONDS:PATH
//                           opening a file whose path holds PATH takes so long, the first time
//
// Only sockets of the internet families count for connect, send and answer: the keychain's bus and
// the agent's own socket are not the network.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_wanted(const char* variable, const char* step, const char* path) {
    const char* wanted = getenv(variable);
    if (wanted == NULL) return 0;
    const size_t length = strlen(step);
    if (strncmp(wanted, step, length) != 0) return 0;
    if (wanted[length] == ':') return path != NULL && strstr(path, wanted + length + 1) != NULL;
    return wanted[length] == '\0';
}

static int runner = -1;

static ssize_t send_whole(int socket, char byte) {
    return NEXT(send)(socket, &byte, 1, MSG_NOSIGNAL);
}

// The agent may not start programs, so a process that was there before it became one does. It ends
// when nobody holds the other end.
__attribute__((constructor)) static void start_runner(void) {
    const char* const command = getenv("SHIM_COMMAND");
    int ends[2];
    if (command == NULL || getenv("SHIM_RUN") == NULL) return;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) abort();
    const pid_t child = fork();
    if (child < 0) abort();
    if (child == 0) {
        const int nothing = NEXT(open)("/dev/null", O_RDWR);
        char asked;
        for (int standard = 0; standard < 3; ++standard) dup2(nothing, standard);
        close(ends[0]);
        unsetenv("LD_PRELOAD");
        while (read(ends[1], &asked, 1) == 1) send_whole(ends[1], system(command) == 0);
        _exit(0);
    }
    close(ends[1]);
    runner = ends[0];
}

static void at(const char* step, const char* path) {
    static atomic_flag ran = ATOMIC_FLAG_INIT;
    if (is_wanted("SHIM_RUN", step, path) && !atomic_flag_test_and_set(&ran)) {
        char succeeded = 0;
        if (send_whole(runner, 1) != 1 || read(runner, &succeeded, 1) != 1 || !succeeded) abort();
    }
    if (!is_wanted("SHIM_KILL", step, path)) return;
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void path_of(int descriptor, char* path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = '\0';
}

static int is_internet(int descriptor) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(descriptor, (struct sockaddr*)&address, &size) != 0) return 0;
    return address.ss_family == AF_INET || address.ss_family == AF_INET6;
}

int flock(int descriptor, int operation) {
    char path[PATH_MAX];
    path_of(descriptor, path);
    const int takes = (operation & LOCK_EX) != 0;
    if (takes) at("before-lock", path);
    const int result = NEXT(flock)(descriptor, operation);
    if (takes && result == 0) at("after-lock", path);
    return result;
}

static int is_read_only(void) {
    const char* const flag = getenv("SHIM_READ_ONLY");
    if (flag == NULL || access(flag, F_OK) != 0) return 0;
    errno = EROFS;
    return 1;
}

int rename(const char* from, const char* to) {
    if (is_read_only()) return -1;
    at("before-rename", to);
    const int result = NEXT(rename)(from, to);
    if (result == 0) at("after-rename", to);
    return result;
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) {
    at("before-rename", to);
    const int result = NEXT(renameat)(from_folder, from, to_folder, to);
    if (result == 0) at("after-rename", to);
    return result;
}

int connect(int descriptor, const struct sockaddr* address, socklen_t size) {
    if (address->sa_family == AF_INET || address->sa_family == AF_INET6) at("before-connect", NULL);
    return NEXT(connect)(descriptor, address, size);
}

static ssize_t sent(int descriptor, ssize_t result) {
    if (result > 0 && is_internet(descriptor)) at("after-send", NULL);
    return result;
}

ssize_t send(int descriptor, const void* bytes, size_t size, int flags) {
    return sent(descriptor, NEXT(send)(descriptor, bytes, size, flags));
}

ssize_t sendmsg(int descriptor, const struct msghdr* message, int flags) {
    return sent(descriptor, NEXT(sendmsg)(descriptor, message, flags));
}

ssize_t recv(int descriptor, void* bytes, size_t size, int flags) {
    const ssize_t result = NEXT(recv)(descriptor, bytes, size, flags);
    if (result > 0 && is_internet(descriptor)) at("after-answer", NULL);
    return result;
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
    const char* const full = getenv("SHIM_FULL");
    struct stat status;
    if (full != NULL && access(full, F_OK) == 0 && fstat(descriptor, &status) == 0 &&
        S_ISREG(status.st_mode)) {
        errno = ENOSPC;
        return -1;
    }
    return NEXT(write)(descriptor, bytes, size);
}

int unlink(const char* path) { return is_read_only() ? -1 : NEXT(unlink)(path); }

int mkostemp(char* pattern, int flags) {
    return is_read_only() ? -1 : NEXT(mkostemp)(pattern, flags);
}

static void slow_down(const char* path) {
    static atomic_flag waited = ATOMIC_FLAG_INIT;
    const char* const slow = getenv("SHIM_SLOW");
    if (slow == NULL || strstr(path, strchr(slow, ':') + 1) == NULL) return;
    if (atomic_flag_test_and_set(&waited)) return;
    const long milliseconds = atol(slow);
    nanosleep(&(struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000}, NULL);
}

int open(const char* path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    const int writes = (flags & (O_CREAT | O_WRONLY | O_RDWR)) != 0;
    if (writes && strncmp(path, "/dev/", 5) != 0 && is_read_only()) return -1;
    slow_down(path);
    return NEXT(open)(path, flags, mode);
}

static time_t shift(clockid_t clock) {
    const char* seconds = getenv("SHIM_CLOCK");
    const int shifted =
        clock == CLOCK_REALTIME || clock == CLOCK_BOOTTIME || clock == CLOCK_REALTIME_COARSE;
    return seconds != NULL && shifted ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec* now) {
    const int result = NEXT(clock_gettime)(clock, now);
    if (result == 0) now->tv_sec += shift(clock);
    return result;
}

// Absolute timers are set on the clocks as this process sees them; the kernel's stand where they
// were. The clock of a descriptor is not told by the kernel in a cheap way: hearth has timers on
// the boot-time clock only.
int timerfd_settime(int descriptor, int flags, const struct itimerspec* wanted,
                    struct itimerspec* old) {
    struct itimerspec real = *wanted;
    if ((flags & TFD_TIMER_ABSTIME) != 0 &&
        (real.it_value.tv_sec != 0 || real.it_value.tv_nsec != 0)) {
        real.it_value.tv_sec -= shift(CLOCK_BOOTTIME);
        if (real.it_value.tv_sec < 0) real.it_value = (struct timespec){.tv_nsec = 1};
    }
    return NEXT(timerfd_settime)(descriptor, flags, &real, old);
}
