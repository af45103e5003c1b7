// SPDX-License-Identifier: Apache-2.0
#include "jvm.h"

#include "jvm_conf.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

// Which lines of jvm.conf hold for this phase.
static const char *kind_of_phase(void) {
    const char *phase = getenv("CRTOOLS_SCRIPT_ACTION");
    if (phase && strstr(phase, "dump"))
        return "dump";
    return phase && strstr(phase, "restore") ? "restore" : "";
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
    struct jvm_conf conf;
    if (!jvm_conf_read(&conf, kind_of_phase(), 1))
        return false;
    jvm->arguments = conf.arguments;
    jvm->arguments[conf.count] = strdup(mode);
    if (jvm->arguments[conf.count] && make_environment(jvm, run, criu))
        return true;
    say("no memory for the JVM's command");
    return false;
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
