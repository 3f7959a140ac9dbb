// Asks an endpoint on loopback again and again, and counts. usage: endpoint_load PORT FILE
// connect|kept CLIENTS SECONDS The file holds the request. Each client is a thread. Prints requests
// per second.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in address = {.sin_family = AF_INET};
static char request[8192];
static size_t request_size;
static int kept;
static double seconds;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char* what) {
    fprintf(stderr, "endpoint_load: %s\n", what);
    exit(1);
}

static int open_socket(void) {
    const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(peer, (struct sockaddr*)&address, sizeof address)) fail("cannot connect");
    return peer;
}

static void ask(int peer) {
    char answer[8192];
    size_t have = 0, whole = sizeof answer;
    if (write(peer, request, request_size) != (ssize_t)request_size) fail("cannot ask");
    while (have < whole) {
        const ssize_t size = read(peer, answer + have, sizeof answer - 1 - have);
        if (size <= 0) fail("the server closed the connection");
        have += (size_t)size;
        answer[have] = 0;
        const char* const body = strstr(answer, "\r\n\r\n");
        const char* const length = strcasestr(answer, "content-length:");
        if (body && length) whole = (size_t)(body + 4 - answer) + strtoul(length + 15, NULL, 10);
    }
    if (strncmp(answer, "HTTP/1.1 200 ", 13) != 0) fail("the server did not answer with keys");
}

// A connection that ends here leaves no port behind that could not be used again at once.
static void leave(int peer) {
    const struct linger none = {.l_onoff = 1, .l_linger = 0};
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(peer);
}

static void* client(void* unused) {
    (void)unused;
    long count = 0;
    const double end = now() + seconds;
    int peer = kept ? open_socket() : -1;
    while (now() < end) {
        for (int i = 0; i < 64; ++i, ++count) {
            if (!kept) peer = open_socket();
            ask(peer);
            if (!kept) leave(peer);
        }
    }
    return (void*)count;
}

int main(int count, char** given) {
    if (count != 6) {
        fprintf(stderr, "usage: endpoint_load PORT FILE connect|kept CLIENTS SECONDS\n");
        return 2;
    }
    address.sin_port = htons((unsigned short)atoi(given[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    FILE* const file = fopen(given[2], "rb");
    if (!file) fail("cannot read the request");
    request_size = fread(request, 1, sizeof request, file);
    fclose(file);
    kept = strcmp(given[3], "kept") == 0;
    const int clients = atoi(given[4]);
    seconds = atof(given[5]);
    pthread_t threads[64];
    const double from = now();
    for (int i = 0; i < clients && i < 64; ++i) pthread_create(&threads[i], NULL, client, NULL);
    long total = 0;
    for (int i = 0; i < clients && i < 64; ++i) {
        void* done;
        pthread_join(threads[i], &done);
        total += (long)done;
    }
    printf("%.0f\n", (double)total / (now() - from));
    return 0;
}
