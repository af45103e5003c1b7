// SPDX-License-Identifier: Apache-2.0
#include "worker.h"

#include "clock.h"
#include "file.h"
#include "jvm.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CONNECT_INTERVAL_MS = 2,
    LINGER_MS = 2000, // how long a killed process, or one that has said all, may take to go
    LOG_TAIL_LINES = 20,
    LOG_LIMIT = 64 << 20,
};

int worker_connect(const struct run_dir *run, long long end_ms) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    // The run directory's own path may be longer than a socket address can hold.
    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/socket", run->fd);
    // A full backlog makes connect(2) wait, and a full buffer send(2): no longer than this.
    int left = clock_left_ms(end_ms);
    struct timeval timeout = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 + 1};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static bool has_ended(int pidfd, int wait_ms) {
    struct pollfd ended = {.fd = pidfd, .events = POLLIN};
    return poll(&ended, 1, wait_ms) > 0;
}

static void say_ending(const char *who, pid_t pid) {
    int status;
    if (waitpid(pid, &status, 0) != pid)
        say("%s (pid %d): %s", who, pid, strerror(errno));
    else if (WIFSIGNALED(status))
        say("%s (pid %d) was killed by signal %d", who, pid, WTERMSIG(status));
    else
        say("%s (pid %d) exited with %d", who, pid, WEXITSTATUS(status));
}

static void say_log_tail(const struct run_dir *run) {
    size_t length;
    char *log = file_read_at(run->fd, "worker.log", LOG_LIMIT, &length);
    if (!log) {
        say("%s/worker.log: %s", run->path, strerror(errno));
        return;
    }
    size_t start = length;
    for (int lines = 0; start > 0; start--)
        if (log[start - 1] == '\n' && start != length && ++lines == LOG_TAIL_LINES)
            break;
    for (char *line = strtok(log + start, "\n"); line; line = strtok(NULL, "\n"))
        say_text(line, strlen(line));
    free(log);
}

static pid_t start_process(const struct run_dir *run, const struct criu *criu) {
    struct jvm jvm;
    if (!jvm_prepare(&jvm, "worker", run, criu))
        return -1;
    int log =
        openat(run->fd, "worker.log", O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    pid_t pid = log < 0 ? -1 : jvm_start(&jvm, JVM_OWN_SESSION, run->fd, log, log);
    if (pid < 0)
        say("cannot start the worker: %s; free some memory or pids", strerror(errno));
    if (log >= 0)
        close(log);
    return pid;
}

// Waits for the socket and the process together, so that an early death is noticed at once.
static int await_socket(const struct run_dir *run, pid_t pid, int pidfd, long long end_ms) {
    while (!has_ended(pidfd, CONNECT_INTERVAL_MS)) {
        int connection = worker_connect(run, end_ms);
        if (connection >= 0)
            return connection;
        bool not_yet = errno == ENOENT || errno == ECONNREFUSED;
        if (not_yet && clock_left_ms(end_ms) > 0)
            continue;
        say("the worker (pid %d) did not begin to listen: %s; killed it, look at its log below",
            pid, not_yet ? "deadline passed" : strerror(errno));
        kill(pid, SIGKILL); // our child, not waited for yet: the pid is its own
    }
    return -1;
}

int worker_start(const struct run_dir *run, const struct criu *criu, long long end_ms) {
    pid_t pid = start_process(run, criu);
    if (pid < 0)
        return -1;
    int pidfd = pidfd_open(pid, 0);
    int connection = pidfd < 0 ? -1 : await_socket(run, pid, pidfd, end_ms);
    if (connection < 0) {
        if (pidfd < 0)
            kill(pid, SIGKILL);
        say_ending("the worker did not come up: it", pid);
        say_log_tail(run);
    }
    if (pidfd >= 0)
        close(pidfd);
    return connection;
}

static bool is_hung_up(int connection) {
    struct pollfd state = {.fd = connection, .events = 0};
    return poll(&state, 1, 0) > 0;
}

void worker_kill(int connection) {
    struct ucred peer;
    socklen_t size = sizeof(peer);
    int pidfd = -1;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
        pidfd = pidfd_open(peer.pid, 0);
    // Its end of the connection is still open, so the pid has not been given to another since.
    if (pidfd < 0 || is_hung_up(connection)) {
        say("the worker has just ended");
    } else {
        say("the worker (pid %d) is hung; killing it. Its log: worker.log in the run directory",
            peer.pid);
        if (pidfd_send_signal(pidfd, SIGKILL, NULL, 0) != 0 || !has_ended(pidfd, LINGER_MS))
            say("the worker (pid %d) does not die; look for stuck storage", peer.pid);
    }
    if (pidfd >= 0)
        close(pidfd);
}

static pid_t start_cold(const struct run_dir *run, const struct criu *criu, int *answer, int *log) {
    struct jvm jvm;
    int out[2], err[2];
    if (!jvm_prepare(&jvm, "phase", run, criu))
        return -1;
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
        say("pipe: %s; raise the limit of open files", strerror(errno));
        return -1;
    }
    pid_t pid = jvm_start(&jvm, JVM_OWN_PROCESS_GROUP, run->fd, out[1], err[1]);
    if (pid < 0)
        say("cannot start a JVM: %s; free some memory or pids", strerror(errno));
    else
        setpgid(pid, pid); // here too: whoever comes first, before it may have to be killed
    close(out[1]);
    close(err[1]);
    *answer = out[0];
    *log = err[0];
    return pid;
}

enum exchange worker_run_cold(const struct run_dir *run, const struct criu *criu,
                              const struct deadline *deadline, int *exit_code) {
    int answer, log;
    pid_t pid = start_cold(run, criu, &answer, &log);
    if (pid < 0)
        return BROKEN_OFF;
    enum exchange outcome = exchange_receive(answer, log, deadline, exit_code);
    close(answer);
    close(log);
    int pidfd = pidfd_open(pid, 0);
    if (outcome == OVERDUE || pidfd < 0 || !has_ended(pidfd, LINGER_MS)) {
        say("the JVM of this phase (pid %d) is hung; killing its process group", pid);
        kill(-pid, SIGKILL); // our child, not waited for yet: the group is its own
    }
    if (pidfd >= 0)
        close(pidfd);
    if (outcome == ANSWERED)
        waitpid(pid, NULL, 0);
    else
        say_ending("the JVM of this phase did not finish: it", pid);
    return outcome;
}
