// The floor for `hearth token`: a static C program that connects, asks, prints. usage: cli_floor
// SOCKET PROFILE
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char** given) {
    if (count != 3) return 2;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", given[1]);
    const int agent = socket(AF_UNIX, SOCK_STREAM, 0);
    if (agent < 0 || connect(agent, (struct sockaddr*)&address, sizeof address) != 0) return 1;
    char request[256];
    const int size = snprintf(
        request, sizeof request,
        "{\"op\":\"token\",\"profile\":\"%s\",\"client\":\"0.1.0\",\"non_interactive\":true}\n",
        given[2]);
    if (write(agent, request, (size_t)size) != size) return 1;
    static char answer[65536];
    size_t got = 0;
    while (got == 0 || answer[got - 1] != '\n') {
        const ssize_t more = read(agent, answer + got, sizeof answer - 1 - got);
        if (more <= 0) return 1;
        got += (size_t)more;
    }
    char* const token = strstr(answer, "\"token\":\"");
    char* const end = token ? strchr(token + 9, '"') : NULL;
    if (!end) return 1;
    *end = '\n';
    const size_t length = (size_t)(end + 1 - (token + 9));
    return write(STDOUT_FILENO, token + 9, length) == (ssize_t)length ? 0 : 1;
}
