// The floor for the agent: one thread of epoll that answers every line with the same bytes. usage:
// socket_floor PATH
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char answer[] =
    "{\"ok\":{\"token\":"
    "\"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
    "tttttttttttttttttt"
    "\",\"token_type\":\"Bearer\",\"expires_at\":\"2026-01-02T03:04:05Z\"}}\n";

int main(int count, char** given) {
    if (count != 2) return 2;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", given[1]);
    unlink(given[1]);
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr*)&address, sizeof address) || listen(listener, 4096))
        return 1;
    const int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct epoll_event ready[64];
        const int many = epoll_wait(poll, ready, 64, -1);
        for (int i = 0; i < many; ++i) {
            if (ready[i].data.fd == listener) {
                const int peer = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (peer < 0) continue;
                struct epoll_event added = {.events = EPOLLIN, .data.fd = peer};
                epoll_ctl(poll, EPOLL_CTL_ADD, peer, &added);
                continue;
            }
            char request[4096];
            const ssize_t size = read(ready[i].data.fd, request, sizeof request);
            if (size <= 0) {
                close(ready[i].data.fd);
            } else if (memchr(request, '\n', (size_t)size)) {
                if (write(ready[i].data.fd, answer, sizeof answer - 1) < 0) close(ready[i].data.fd);
            }
        }
    }
}
