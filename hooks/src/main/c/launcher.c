// SPDX-License-Identifier: Apache-2.0
#include "launcher.h"

#include "criu_api.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// dladdr(3) would need a C library of 2.34: this finds the file the address was loaded from.
static int name_own_file(struct dl_phdr_info *object, size_t size, void *name) {
    (void)size;
    ElfW(Addr) here = (ElfW(Addr))name_own_file;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        ElfW(Addr) start = object->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && here >= start && here - start < segment->p_memsz)
            return realpath(object->dlpi_name, name) != NULL;
    }
    return 0;
}

static bool beside_plugin(char path[PATH_MAX]) {
    char real[PATH_MAX];
    if (dl_iterate_phdr(name_own_file, real) == 0)
        return false;
    for (int up = 0; up < 3; up++) { // <dist>/lib/criu/criu_bridge.so
        char *slash = strrchr(real, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    return snprintf(path, PATH_MAX, "%s/bin/criu-bridge-hook", real) < PATH_MAX &&
           access(path, X_OK) == 0;
}

enum launcher_state launcher_find(char path[PATH_MAX]) {
    static const char *const installed[] = {"/usr/local/bin/criu-bridge-hook",
                                            "/usr/bin/criu-bridge-hook"};
    const char *given = getenv("CRIU_BRIDGE_HOOK");
    if (given && *given) {
        if (snprintf(path, PATH_MAX, "%s", given) < PATH_MAX && access(path, X_OK) == 0)
            return LAUNCHER_FOUND;
        criu_log(LOG_ERROR, "CRIU_BRIDGE_HOOK=%s cannot be run: %s", given, strerror(errno));
        return LAUNCHER_REFUSED;
    }
    if (beside_plugin(path))
        return LAUNCHER_FOUND;
    for (size_t i = 0; i < sizeof(installed) / sizeof(*installed); i++) {
        snprintf(path, PATH_MAX, "%s", installed[i]);
        if (access(path, X_OK) == 0)
            return LAUNCHER_FOUND;
    }
    return LAUNCHER_ABSENT;
}

static void become(const char *path, pid_t criu, int image_dir, int out) {
    char images[64];
    snprintf(images, sizeof(images), "/proc/%d/fd/%d", criu, image_dir);
    sigset_t none;
    sigemptyset(&none);
    bool ready = sigprocmask(SIG_SETMASK, &none, NULL) == 0 &&
                 setenv("CRTOOLS_SCRIPT_ACTION", "plan-restore", 1) == 0 &&
                 setenv("CRTOOLS_IMAGE_DIR", images, 1) == 0;
    out = fcntl(out, F_DUPFD, 3); // CRIU may run without stdio: not to be closed just below
    close(STDIN_FILENO);          // as CRIU runs its scripts; the launcher opens it
    if (ready && out > 2 && dup2(out, STDOUT_FILENO) == STDOUT_FILENO &&
        dup2(out, STDERR_FILENO) == STDERR_FILENO && syscall(SYS_close_range, 3, ~0U, 0) == 0)
        execl(path, path, (char *)NULL);
    dprintf(STDERR_FILENO, "%s: %s\n", path, strerror(errno));
}

// Copies the lines into CRIU's log; the last one stays in last.
static void relay(int from, char *last, size_t room) {
    FILE *lines = fdopen(from, "r");
    char *line = NULL;
    size_t size = 0;
    for (ssize_t n; lines && (n = getline(&line, &size, lines)) > 0;) {
        line[strcspn(line, "\n")] = '\0';
        snprintf(last, room, "%s", line);
        criu_log_line(LOG_WARNING, last);
    }
    free(line);
    if (lines)
        fclose(lines);
    else
        close(from);
}

static bool run(const char *path, int image_dir) {
    int pipes[2], status;
    char last[5120] = "it said nothing";
    if (pipe2(pipes, O_CLOEXEC) != 0) {
        criu_log(LOG_ERROR, "pipe: %s", strerror(errno));
        return false;
    }
    pid_t criu = getpid(), pid = fork(), waited = -1;
    if (pid == 0) {
        become(path, criu, image_dir, pipes[1]);
        _exit(127);
    }
    if (pid < 0)
        snprintf(last, sizeof(last), "fork: %s", strerror(errno));
    close(pipes[1]);
    relay(pipes[0], last, sizeof(last));
    while (pid > 0 && (waited = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
        continue;
    if (waited > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    criu_log(LOG_ERROR, "the restore was not planned, so it is not begun: %s", last);
    return false;
}

bool launcher_plan_restore(const char *path, int image_dir) {
    sigset_t child, before;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    // CRIU takes a SIGCHLD for the death of a task it restores, and so blocks it around scripts.
    if (sigprocmask(SIG_BLOCK, &child, &before) != 0) {
        criu_log(LOG_ERROR, "sigprocmask: %s", strerror(errno));
        return false;
    }
    bool planned = run(path, image_dir);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return planned;
}
