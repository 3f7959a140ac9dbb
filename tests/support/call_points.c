// Preloaded into hearth-agent by the crash scenario, in front of the shim: writes down each call by
// which a renewal touches what outlives the process, and ends the process at one of them.
//
//   POINTS_TRACE=FILE   a line for each call: its name, what it was made on, and which of its kind
//                       it is, as in "fsync sealed/ 2"
//   POINTS_KILL=POINT   SIGKILL itself before that call (after it where it takes in what came);
//                       "torn CALL": when half of it was written or sent; "after CALL": after it
//
// Calls count from the first attempt at a session's lock. A file is named by its folder, a folder
// by itself and a slash, a socket by what it leads to: "bus" or "net". The agent's own clients,
// pipes and events are left out. Counted by kind, because the order among threads differs.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum { most_kinds = 128, longest_point = 128 };

enum end { lives, ends_before, ends_torn, ends_after };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int begun;

static void end_now(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// How often this kind of call was made, this one included.
static int count_of(const char* call) {
    static struct {
        char call[longest_point];
        int count;
    } kinds[most_kinds];
    for (int i = 0; i < most_kinds; ++i) {
        if (kinds[i].count == 0) snprintf(kinds[i].call, longest_point, "%s", call);
        if (strcmp(kinds[i].call, call) == 0) return ++kinds[i].count;
    }
    abort();
}

static void trace(const char* point) {
    const char* const path = getenv("POINTS_TRACE");
    if (path == NULL) return;
    // Not by the functions that are watched here.
    const int file =
        (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    syscall(SYS_write, file, point, strlen(point));
    syscall(SYS_write, file, "\n", 1);
    syscall(SYS_close, file);
}

static enum end end_at(const char* point) {
    const char* const wanted = getenv("POINTS_KILL");
    if (wanted == NULL) return lives;
    if (strcmp(wanted, point) == 0) return ends_before;
    if (strncmp(wanted, "torn ", 5) == 0 && strcmp(wanted + 5, point) == 0) return ends_torn;
    if (strncmp(wanted, "after ", 6) == 0 && strcmp(wanted + 6, point) == 0) return ends_after;
    return lives;
}

// Called before the call. `what` is empty for what is left out.
static enum end reach(const char* name, const char* what) {
    if (what[0] == '\0') return lives;
    pthread_mutex_lock(&mutex);
    if (strcmp(name, "flock") == 0 && strcmp(what, "locks") == 0) begun = 1;
    enum end end = lives;
    if (begun) {
        char call[longest_point], point[longest_point];
        snprintf(call, sizeof call, "%.40s %.60s", name, what);
        snprintf(point, sizeof point, "%.110s %d", call, count_of(call));
        trace(point);
        end = end_at(point);
    }
    if (end == ends_before) end_now();
    pthread_mutex_unlock(&mutex);
    return end;
}

// The last folder that the path goes through.
static void folder_of(const char* path, char* what) {
    const char* const end = strrchr(path, '/');
    const char* start = end;
    while (start > path && start[-1] != '/') --start;
    snprintf(what, longest_point, "%.*s", (int)(end - start), start);
}

static void file_of(int descriptor, char* what) {
    char link[64], path[PATH_MAX];
    struct stat status;
    what[0] = '\0';
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path - 2);
    if (length <= 0 || fstat(descriptor, &status) != 0) return;
    path[length] = '\0';
    if (S_ISREG(status.st_mode)) folder_of(path, what);
    if (!S_ISDIR(status.st_mode)) return;
    path[length] = '/';
    path[length + 1] = '\0';
    folder_of(path, what);
    strcat(what, "/");
}

static const char* address_of(const struct sockaddr_storage* address, socklen_t size) {
    if (address->ss_family == AF_INET || address->ss_family == AF_INET6) return "net";
    // A client of the agent has no name.
    const int named = address->ss_family == AF_UNIX && size > sizeof(sa_family_t);
    return named ? "bus" : "";
}

static const char* peer_of(int descriptor) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getpeername(descriptor, (struct sockaddr*)&address, &size) != 0) return "";
    return address_of(&address, size);
}

int flock(int descriptor, int operation) {
    char what[longest_point];
    file_of(descriptor, what);
    const enum end end = reach("flock", what);
    const int result = NEXT(flock)(descriptor, operation);
    if (end == ends_after) end_now();
    return result;
}

int close(int descriptor) {
    char what[longest_point];
    // A lock is let go by closing its file; no other close is seen outside.
    if (begun) {
        file_of(descriptor, what);
        if (strcmp(what, "locks") == 0) reach("close", what);
    }
    return NEXT(close)(descriptor);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
    char what[longest_point];
    file_of(descriptor, what);
    const enum end end = reach("write", what);
    const ssize_t result = NEXT(write)(descriptor, bytes, end == ends_torn ? size / 2 : size);
    if (end != lives) end_now();
    return result;
}

int fsync(int descriptor) {
    char what[longest_point];
    file_of(descriptor, what);
    reach("fsync", what);
    return NEXT(fsync)(descriptor);
}

int rename(const char* from, const char* to) {
    char what[longest_point];
    folder_of(to, what);
    const enum end end = reach("rename", what);
    const int result = NEXT(rename)(from, to);
    if (end == ends_after) end_now();
    return result;
}

int connect(int descriptor, const struct sockaddr* address, socklen_t size) {
    const enum end end =
        reach("connect", address_of((const struct sockaddr_storage*)address, size));
    const int result = NEXT(connect)(descriptor, address, size);
    if (end == ends_after) end_now();
    return result;
}

ssize_t send(int descriptor, const void* bytes, size_t size, int flags) {
    const enum end end = reach("send", peer_of(descriptor));
    const ssize_t result = NEXT(send)(descriptor, bytes, end == ends_torn ? size / 2 : size, flags);
    if (end != lives) end_now();
    return result;
}

ssize_t sendmsg(int descriptor, const struct msghdr* message, int flags) {
    const enum end end = reach("send", peer_of(descriptor));
    struct msghdr half = *message;
    if (end == ends_torn && half.msg_iovlen > 1) half.msg_iovlen /= 2;
    const ssize_t result = NEXT(sendmsg)(descriptor, &half, flags);
    if (end != lives) end_now();
    return result;
}

ssize_t recv(int descriptor, void* bytes, size_t size, int flags) {
    const ssize_t result = NEXT(recv)(descriptor, bytes, size, flags);
    if (result > 0) reach("recv", peer_of(descriptor));
    return result;
}

ssize_t recvmsg(int descriptor, struct msghdr* message, int flags) {
    const ssize_t result = NEXT(recvmsg)(descriptor, message, flags);
    if (result > 0) reach("recv", peer_of(descriptor));
    return result;
}
