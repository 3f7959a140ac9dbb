// Times whole commands against the first one, in turn, round by round: A B C A B C ...
//
//   whole_process ROUNDS 'floor command' 'other command' ...
//
// Each command is split at spaces and started without a shell, its output going to /dev/null.
// Prints each command's median wall time and the median over the rounds of its ratio to the first
// command's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most_commands = 16, most_arguments = 32 };
extern char** environ;

static int by_value(const void* left, const void* right) {
    const double a = *(const double*)left, b = *(const double*)right;
    return (a > b) - (a < b);
}

static double median(const double* values, int count) {
    double* sorted = malloc(sizeof(double) * (size_t)count);
    memcpy(sorted, values, sizeof(double) * (size_t)count);
    qsort(sorted, (size_t)count, sizeof(double), by_value);
    const double middle = sorted[count / 2];
    free(sorted);
    return middle;
}

static double run(char** arguments, posix_spawn_file_actions_t* actions) {
    struct timespec from, to;
    pid_t child;
    int status = 0;
    clock_gettime(CLOCK_MONOTONIC, &from);
    if (posix_spawnp(&child, arguments[0], actions, NULL, arguments, environ) != 0) {
        fprintf(stderr, "whole_process: cannot start %s\n", arguments[0]);
        exit(1);
    }
    waitpid(child, &status, 0);
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "whole_process: %s failed\n", arguments[0]);
        exit(1);
    }
    return (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

int main(int count, char** given) {
    const int commands = count - 2;
    if (commands < 1 || commands > most_commands || atoi(given[1]) < 1) {
        fprintf(stderr, "usage: whole_process ROUNDS 'floor' ['command' ...]\n");
        return 2;
    }
    const int rounds = atoi(given[1]);
    static char* split[most_commands][most_arguments + 1];
    for (int c = 0; c < commands; ++c) {
        int n = 0;
        for (char* word = strtok(strdup(given[c + 2]), " "); word && n < most_arguments;
             word = strtok(NULL, " "))
            split[c][n++] = word;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    double* wall = malloc(sizeof(double) * (size_t)(commands * rounds));
    double* ratio = malloc(sizeof(double) * (size_t)rounds);
    for (int c = 0; c < commands; ++c) run(split[c], &actions);  // Warm.
    for (int r = 0; r < rounds; ++r) {
        for (int c = 0; c < commands; ++c) wall[c * rounds + r] = run(split[c], &actions);
    }
    printf("%10s %10s  %s\n", "median ms", "x first", "command");
    for (int c = 0; c < commands; ++c) {
        for (int r = 0; r < rounds; ++r) ratio[r] = wall[c * rounds + r] / wall[r];
        printf("%10.3f %10.2f  %s\n", median(wall + c * rounds, rounds), median(ratio, rounds),
               given[c + 2]);
    }
    return 0;
}
