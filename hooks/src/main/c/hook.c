// SPDX-License-Identifier: Apache-2.0
// criu-bridge-hook, the file given to `criu --action-script`: finds or starts the worker of this
// CRIU run, hands it the phase, and reports its answer. What a phase does is the worker's affair.
#include "clock.h"
#include "deadline.h"
#include "participation.h"
#include "say.h"
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EXIT_REFUSED = 1,
    EXIT_USAGE = 64,
    UNDO_BUDGET_MS = 20 * 1000,
};

struct phase {
    const char *name;
    struct criu criu;
    struct run_dir run;
    struct deadline deadline;
};

static bool is_one_of(const char *name, const char *const *names) {
    while (*names && strcmp(name, *names) != 0)
        names++;
    return *names != NULL;
}

static bool is_ours(const char *name) {
    static const char *const ours[] = {"pre-dump",    "network-lock", "post-dump",   "plan-restore",
                                       "pre-restore", "post-restore", "post-resume", NULL};
    return is_one_of(name, ours);
}

// The tasks stand still since a moment ago, and CRIU has not yet begun with its own work: the
// worker is told, if there is one, and nobody waits for it.
static bool is_only_told(const char *name) {
    return strcmp(name, "network-lock") == 0;
}

// The phases in which a run of ours may begin; in the others it is ours already, or never was.
static bool may_begin(const char *name) {
    static const char *const beginnings[] = {"pre-dump", "plan-restore", "pre-restore", NULL};
    return is_one_of(name, beginnings);
}

// CRIU closes stdin: the first file opened would become it.
static bool open_standard_fds(void) {
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd > STDERR_FILENO && close(fd) == 0;
}

static bool find_criu(struct criu *criu) {
    int pid;
    const char *images = getenv("CRTOOLS_IMAGE_DIR");
    if (!images || sscanf(images, "/proc/%d/fd/", &pid) != 1)
        pid = getppid();
    if (criu_identify(pid, criu))
        return true;
    say("cannot read /proc/%d/stat: %s; run this from criu --action-script", pid, strerror(errno));
    return false;
}

// The phase cannot be finished any more: lets a fresh JVM undo what it has left half-done.
static int abandon(const struct phase *phase) {
    say("undoing this phase");
    int code = EXIT_REFUSED;
    struct deadline undo = {"abort", NULL, clock_ms(), UNDO_BUDGET_MS};
    if (setenv("CRIU_BRIDGE_ABORTED_PHASE", phase->name, 1) != 0 ||
        setenv("CRTOOLS_SCRIPT_ACTION", "abort", 1) != 0)
        say("setenv: %s", strerror(errno));
    else if (worker_run_cold(&phase->run, &phase->criu, &undo, &code) != ANSWERED || code != 0)
        say("undoing it failed as well; do not use this image directory");
    return EXIT_REFUSED;
}

static int abandon_overdue(const struct phase *phase) {
    say("the deadline of this phase has passed. Raise it if it was only slow: "
        "CRIU_BRIDGE_DEADLINE=<seconds>");
    return abandon(phase);
}

static bool makes_files(const struct phase *phase) {
    static const char *const making[] = {"pre-dump", "post-dump", NULL};
    return is_one_of(phase->name, making);
}

static int run_cold(struct phase *phase) {
    int code;
    phase->deadline.started_ms = clock_ms();
    switch (worker_run_cold(&phase->run, &phase->criu, &phase->deadline, &code)) {
    case ANSWERED:
        return code;
    case OVERDUE:
        return abandon_overdue(phase);
    case BROKEN_OFF:
        break;
    }
    say("the phase failed; what the JVM said is above, its settings are in lib/java/jvm.conf");
    return makes_files(phase) ? abandon(phase) : EXIT_REFUSED;
}

// Has the worker at the other end do the phase.
static enum exchange converse(const struct phase *phase, int connection, int *code) {
    enum exchange outcome = BROKEN_OFF;
    if (exchange_send(connection))
        outcome = exchange_receive(connection, -1, &phase->deadline, code);
    else if (errno == EAGAIN)
        outcome = OVERDUE; // it reads nothing
    if (outcome == OVERDUE)
        worker_kill(connection);
    if (outcome == BROKEN_OFF)
        say("the worker died in the middle of the phase");
    close(connection);
    return outcome;
}

// What the run has of a worker.
enum history { BEGINS_NOW, BEGAN_BEFORE, BROKE_OFF };

// How CRIU's run ends after it decides what becomes of the checkpoint. A JVM of the phase's own is
// gone by then.
static bool must_be_watched(const struct phase *phase) {
    return strcmp(phase->name, "post-dump") == 0;
}

static bool nobody_listens(int error) {
    return error == ENOENT || error == ECONNREFUSED;
}

static void say_unreachable(const struct phase *phase) {
    say("cannot reach the worker of this run, %s/socket: %s", phase->run.path, strerror(errno));
}

static int start(const struct phase *phase, enum history history) {
    if (history != BEGINS_NOW) {
        say("the worker of this run is gone; starting another");
        if (unlinkat(phase->run.fd, "socket", 0) != 0 && errno != ENOENT) {
            say("cannot remove %s/socket: %s", phase->run.path, strerror(errno));
            return -1;
        }
    }
    int connection = worker_start(&phase->run, &phase->criu, deadline_end_ms(&phase->deadline));
    if (connection < 0 && history == BEGINS_NOW && !run_dir_remove(&phase->run))
        say("cannot remove %s: %s; remove it by hand", phase->run.path, strerror(errno));
    return connection;
}

// A connection to the run's worker, which is started where there has to be one; else -1. Under the
// lock: another launcher of this run may be about to start it.
static int find_or_start(const struct phase *phase, enum history history) {
    int lock = run_dir_lock(&phase->run);
    if (lock < 0) {
        say("cannot lock %s/lock: %s", phase->run.path, strerror(errno));
        return -1;
    }
    int connection = worker_connect(&phase->run, deadline_end_ms(&phase->deadline));
    bool none = connection < 0 && nobody_listens(errno);
    if (connection < 0 && !none)
        say_unreachable(phase);
    if (connection >= 0 && history == BROKE_OFF) {
        worker_kill(connection); // it must not settle the run beside its successor
        close(connection);
        connection = -1;
        none = true;
    }
    if (none && (history == BEGINS_NOW || must_be_watched(phase)))
        connection = start(phase, history);
    close(lock);
    return connection;
}

// Does the phase although its worker is gone.
static int do_again(struct phase *phase, enum history history) {
    phase->deadline.started_ms = clock_ms();
    int code, connection = find_or_start(phase, history);
    enum exchange outcome = connection < 0 ? BROKEN_OFF : converse(phase, connection, &code);
    if (outcome == BROKEN_OFF) {
        say("the worker of this run is gone; running the phase in a new JVM");
        return run_cold(phase);
    }
    return outcome == ANSWERED ? code : abandon_overdue(phase);
}

static int do_phase(struct phase *phase, int connection) {
    int code;
    enum exchange outcome = converse(phase, connection, &code);
    if (outcome == BROKEN_OFF)
        return do_again(phase, BROKE_OFF);
    return outcome == ANSWERED ? code : abandon_overdue(phase);
}

static int begin(struct phase *phase) {
    if (!may_begin(phase->name))
        return 0;
    switch (participation_decide(phase->name, &phase->criu)) {
    case STAY_OUT:
        return 0;
    case PARTICIPATION_UNCLEAR:
        return EXIT_REFUSED;
    case PARTICIPATE:
        break;
    }
    if (run_dir_create(&phase->run, &phase->criu) != RUN_DIR_OPEN) {
        say("%s", phase->run.error);
        return EXIT_REFUSED;
    }
    int connection = find_or_start(phase, BEGINS_NOW);
    return connection < 0 ? EXIT_REFUSED : do_phase(phase, connection);
}

static int tell(const struct phase *phase) {
    int connection = worker_connect(&phase->run, clock_ms());
    if (connection >= 0) {
        exchange_send(connection); // without it post-dump does all by itself
        close(connection);
    }
    return 0;
}

static int carry_on(struct phase *phase) {
    if (is_only_told(phase->name))
        return tell(phase);
    int connection = worker_connect(&phase->run, deadline_end_ms(&phase->deadline));
    if (connection >= 0)
        return do_phase(phase, connection);
    if (nobody_listens(errno))
        return do_again(phase, BEGAN_BEFORE);
    say_unreachable(phase);
    return EXIT_REFUSED;
}

int main(void) {
    if (!open_standard_fds())
        return EXIT_REFUSED;
    long long started_ms = clock_ms();
    struct phase phase = {.name = getenv("CRTOOLS_SCRIPT_ACTION")};
    if (!phase.name) {
        fprintf(stderr, "usage: criu dump|restore --action-script criu-bridge-hook ... "
                        "(runs inside CRIU, takes no arguments)\n");
        return EXIT_USAGE;
    }
    if (!is_ours(phase.name))
        return 0;
    phase.name = strdup(phase.name); // setenv() may reuse the room
    if (!phase.name)
        return EXIT_REFUSED;
    say_in_phase(phase.name);
    signal(SIGPIPE, SIG_IGN);
    phase.deadline =
        (struct deadline){phase.name, &phase.run, started_ms, deadline_budget_ms(phase.name)};
    if (!find_criu(&phase.criu))
        return EXIT_REFUSED;
    switch (run_dir_open(&phase.run, &phase.criu)) {
    case RUN_DIR_OPEN:
        return carry_on(&phase);
    case RUN_DIR_ABSENT:
        return begin(&phase);
    case RUN_DIR_REFUSED:
        break;
    }
    say("%s", phase.run.error);
    return EXIT_REFUSED;
}
