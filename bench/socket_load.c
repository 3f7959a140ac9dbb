// Asks a socket for a token again and again, and counts. usage: socket_load PATH PROFILE
// connect|kept CLIENTS SECONDS Each client is a thread. Prints requests per second.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static char request[256];
static size_t request_size;
static int kept;
static double seconds;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int open_socket(void) {
    const int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(peer, (struct sockaddr*)&address, sizeof address)) {
        perror("connect");
        exit(1);
    }
    return peer;
}

static void ask(int peer) {
    char answer[8192];
    size_t have = 0;
    if (write(peer, request, request_size) != (ssize_t)request_size) exit(1);
    do {
        const ssize_t size = read(peer, answer + have, sizeof answer - have);
        if (size <= 0) {
            fprintf(stderr, "the server closed the connection\n");
            exit(1);
        }
        have += (size_t)size;
    } while (answer[have - 1] != '\n');
    if (strncmp(answer, "{\"ok\"", 5) != 0) {
        fprintf(stderr, "the server did not answer with a token\n");
        exit(1);
    }
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
            if (!kept) close(peer);
        }
    }
    return (void*)count;
}

int main(int count, char** given) {
    if (count != 6) {
        fprintf(stderr, "usage: socket_load PATH PROFILE connect|kept CLIENTS SECONDS\n");
        return 2;
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s", given[1]);
    request_size = (size_t)snprintf(request, sizeof request,
                                    "{\"op\":\"token\",\"profile\":\"%s\"}\n", given[2]);
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
