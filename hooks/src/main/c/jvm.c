// SPDX-License-Identifier: Apache-2.0
#include "jvm.h"

#include "file.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONF_LIMIT = 64 << 10, MAX_ARGUMENTS = 256 };

extern char **environ;

// The directory above the one this program is in.
static bool find_dist(char *dist, size_t room) {
    ssize_t length = readlink("/proc/self/exe", dist, room - 1);
    if (length <= 0 || (size_t)length >= room - 1)
        return false;
    dist[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(dist, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    return true;
}

static char *with_dist(const char *line, const char *dist) {
    static const char mark[] = "@dist@";
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (const char *at; out && (at = strstr(line, mark)); line = at + strlen(mark))
        fprintf(out, "%.*s%s", (int)(at - line), line, dist);
    if (!out || fputs(line, out) == EOF || fclose(out) != 0)
        return NULL;
    return text;
}

static const char *after_mark(const char *line, const char *mark) {
    size_t length = strlen(mark);
    return strncmp(line, mark, length) == 0 ? line + length : NULL;
}

// The argument that a line holds for this phase; NULL for none. Lines with a mark were made for the
// JVM that the file names, and for no other.
static const char *argument_of(const char *line, bool prepared) {
    if (line[0] == '#' || line[strspn(line, " \t\r")] == '\0' || after_mark(line, "cli: ") ||
        after_mark(line, "transcoding: "))
        return NULL;
    const char *phase = getenv("CRTOOLS_SCRIPT_ACTION");
    bool dump = phase && strstr(phase, "dump"), restore = phase && strstr(phase, "restore");
    const char *for_dump = after_mark(line, "dump: ");
    const char *for_restore = after_mark(line, "restore: ");
    const char *for_both = after_mark(line, "own: ");
    if (for_both)
        return prepared ? for_both : NULL;
    if (for_dump)
        return prepared && dump ? for_dump : NULL;
    if (for_restore)
        return prepared && restore ? for_restore : NULL;
    return line;
}

static bool read_arguments(struct jvm *jvm, char *conf, const char *dist, const char *mode) {
    size_t count = 0;
    char *java = getenv("CRIU_BRIDGE_JAVA");
    if (java && !*java)
        java = NULL;
    jvm->arguments = calloc(MAX_ARGUMENTS + 2, sizeof(char *));
    if (!jvm->arguments)
        return false;
    for (char *line = strtok(conf, "\n"); line; line = strtok(NULL, "\n")) {
        const char *argument = argument_of(line, !java);
        if (!argument)
            continue;
        if (count == MAX_ARGUMENTS || !(jvm->arguments[count++] = with_dist(argument, dist)))
            return false;
    }
    if (count == 0)
        return false;
    if (java)
        jvm->arguments[0] = java;
    jvm->arguments[count] = strdup(mode);
    return jvm->arguments[count] != NULL;
}

// What is set below, and the variables by which a JVM would take options from strangers (it
// also prints a line about them into its output).
static bool is_dropped(const char *variable) {
    static const char *const dropped[] = {
        "JAVA_TOOL_OPTIONS=",      "_JAVA_OPTIONS=",   "JDK_JAVA_OPTIONS=", "LC_ALL=",
        "CRIU_BRIDGE_WORKER_DIR=", "CRIU_BRIDGE_CRIU="};
    for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++)
        if (strncmp(variable, dropped[i], strlen(dropped[i])) == 0)
            return true;
    return false;
}

static bool make_environment(struct jvm *jvm, const struct run_dir *run, const struct criu *criu) {
    size_t count = 0;
    while (environ[count])
        count++;
    jvm->environment = calloc(count + 4, sizeof(char *));
    if (!jvm->environment)
        return false;
    count = 0;
    for (char **variable = environ; *variable; variable++)
        if (!is_dropped(*variable))
            jvm->environment[count++] = *variable;
    // Paths of containers pass through the JVM's console charset: not the C locale's ASCII.
    jvm->environment[count++] = "LC_ALL=C.UTF-8";
    return asprintf(&jvm->environment[count], "CRIU_BRIDGE_WORKER_DIR=%s", run->path) > 0 &&
           asprintf(&jvm->environment[count + 1], "CRIU_BRIDGE_CRIU=%d %llu", criu->pid,
                    criu->start_time) > 0;
}

bool jvm_prepare(struct jvm *jvm, const char *mode, const struct run_dir *run,
                 const struct criu *criu) {
    char dist[PATH_MAX], path[PATH_MAX + 32];
    if (!find_dist(dist, sizeof(dist))) {
        say("cannot find where criu-bridge-hook is installed; is /proc mounted?");
        return false;
    }
    snprintf(path, sizeof(path), "%s/lib/java/jvm.conf", dist);
    size_t length;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *conf = fd < 0 ? NULL : file_read(fd, CONF_LIMIT, &length);
    if (!conf) {
        say("cannot read %s: %s; install criu-bridge again", path, strerror(errno));
        return false;
    }
    close(fd);
    if (!read_arguments(jvm, conf, dist, mode) || !make_environment(jvm, run, criu)) {
        say("%s holds no usable command; install criu-bridge again", path);
        return false;
    }
    free(conf);
    return true;
}

static void reset_signals(void) {
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL); // fails for those that cannot be changed, as it should
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(const struct jvm *jvm, enum jvm_group group, int run_dir, int out, int err) {
    bool alone = group == JVM_OWN_SESSION ? setsid() >= 0 : setpgid(0, 0) == 0;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (!alone || null < 0 || fchdir(run_dir) != 0)
        return;
    // Ours are all above 2, see open_standard_fds(): no dup2 here overwrites what another needs.
    if (dup2(null, 0) != 0 || dup2(out, 1) != 1 || dup2(err, 2) != 2)
        return;
    if (close_range(3, ~0U, 0) != 0)
        return;
    reset_signals();
    execvpe(jvm->arguments[0], jvm->arguments, jvm->environment);
}

pid_t jvm_start(const struct jvm *jvm, enum jvm_group group, int run_dir, int out, int err) {
    pid_t pid = fork();
    if (pid == 0) {
        become(jvm, group, run_dir, out, err);
        dprintf(2, "cannot run %s: %s; install a Java runtime or set CRIU_BRIDGE_JAVA\n",
                jvm->arguments[0], strerror(errno));
        _exit(127);
    }
    return pid;
}
