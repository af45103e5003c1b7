// SPDX-License-Identifier: Apache-2.0
// phases IMAGES PID HOOK PHASE|@COMMAND...: calls an action script as CRIU does, for the benches.
// Prints for each call the phase (or "command"), its exit code and wall time in microseconds.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int call(const char *name, char *const arguments[]) {
    pid_t pid;
    int status;
    long long start = now_us();
    if (posix_spawn(&pid, arguments[0], NULL, NULL, arguments, environ) != 0 ||
        waitpid(pid, &status, 0) != pid) {
        perror(arguments[0]);
        return -1;
    }
    printf("%s %d %lld\n", name, WIFEXITED(status) ? WEXITSTATUS(status) : -1, now_us() - start);
    return 0;
}

// A phase, or @COMMAND for the shell.
static int step(char *hook, char *what) {
    char *shell[] = {"/bin/bash", "-c", what + 1, NULL};
    if (what[0] == '@')
        return call("command", shell);
    char *script[] = {hook, NULL};
    setenv("CRTOOLS_SCRIPT_ACTION", what, 1);
    return call(what, script);
}

int main(int count, char **arguments) {
    // The hook asks criu, which this stands for.
    if (count == 2 && strcmp(arguments[1], "--version") == 0)
        return puts("Version: 4.1.1") == EOF;
    if (count < 5) {
        fprintf(stderr, "usage: phases IMAGES PID HOOK PHASE|@COMMAND...\n");
        return 64;
    }
    int images = open(arguments[1], O_RDONLY | O_DIRECTORY);
    char path[64];
    if (images < 0 || chdir(arguments[1]) != 0) {
        perror(arguments[1]);
        return 1;
    }
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), images);
    setenv("CRTOOLS_IMAGE_DIR", path, 1);
    setenv("CRTOOLS_INIT_PID", arguments[2], 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 4; i < count; i++)
        if (step(arguments[3], arguments[i]) != 0)
            return 1;
    return 0;
}
