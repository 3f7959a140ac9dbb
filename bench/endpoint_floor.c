// The floor for the agent's endpoint: one thread of epoll that answers every request on loopback
// with the same bytes. usage: endpoint_floor FILE Prints its port.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char** given) {
    if (count != 2) return 2;
    static char answer[8192];
    FILE* const file = fopen(given[1], "rb");
    if (!file) return 1;
    const size_t answer_size = fread(answer, 1, sizeof answer, file);
    fclose(file);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr*)&address, size) || listen(listener, 4096) ||
        getsockname(listener, (struct sockaddr*)&address, &size))
        return 1;
    const int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    printf("%d\n", ntohs(address.sin_port));
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
            char request[8192];
            const ssize_t got = read(ready[i].data.fd, request, sizeof request);
            if (got <= 0) {
                close(ready[i].data.fd);
            } else if (memmem(request, (size_t)got, "\r\n\r\n", 4)) {
                if (write(ready[i].data.fd, answer, answer_size) < 0) close(ready[i].data.fd);
            }
        }
    }
}
