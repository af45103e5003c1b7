// SPDX-License-Identifier: Apache-2.0
// A tree of three processes whose memory and files tell, after a restore, whether both are of the
// same moment. Static, so that it runs in an empty root.
//
// usage: workload [--plain] [--interval-ms N] [--data DIR]
//
// The root process rewrites /app (unless --plain), prints "ready", then counts: every interval
// into DIR/count (default /data/count, 20 digits and a newline) and into shared memory, where
// `writing` says that the two may differ. The children tick whenever they see the count change.
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHILDREN = 2, CHILD_PAUSE_MS = 5 };

static const char mark[32] = "CRIU-BRIDGE-WORKLOAD-COUNTER-01\n";

struct shared {
    char mark[32]; // by which it is found in a memory image
    uint64_t counter;
    uint64_t writing;
    uint64_t ticks[CHILDREN];
};

struct options {
    int plain;
    long interval_ms;
    const char *data;
};

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "workload: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void pause_ms(long ms) {
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *at) {
    (void)stat, (void)type, (void)at;
    return remove(path);
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0, path);
}

// One change of each kind a file system diff has to carry: rewritten, deleted, made opaque.
static void change_files(void) {
    write_file("/app/state", "v2\n");
    must(unlink("/app/removed") == 0 || errno == ENOENT, "/app/removed");
    must(nftw("/app/cfg", remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT,
         "/app/cfg");
    must(mkdir("/app/cfg", 0755) == 0, "/app/cfg");
    write_file("/app/cfg/new", "new\n");
}

static void tick(struct shared *shared, int child) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    uint64_t seen = 0;
    for (;;) {
        uint64_t now = __atomic_load_n(&shared->counter, __ATOMIC_ACQUIRE);
        if (now != seen)
            __atomic_add_fetch(&shared->ticks[child], 1, __ATOMIC_RELEASE);
        seen = now;
        pause_ms(CHILD_PAUSE_MS);
    }
}

static void count(struct shared *shared, int fd, long interval_ms) {
    for (;;) {
        char text[32];
        uint64_t next = shared->counter + 1;
        int length = snprintf(text, sizeof(text), "%020llu\n", (unsigned long long)next);
        __atomic_store_n(&shared->writing, 1, __ATOMIC_SEQ_CST);
        must(pwrite(fd, text, (size_t)length, 0) == length, "count");
        __atomic_store_n(&shared->counter, next, __ATOMIC_SEQ_CST);
        __atomic_store_n(&shared->writing, 0, __ATOMIC_SEQ_CST);
        pause_ms(interval_ms);
    }
}

static pid_t children[CHILDREN];

// As PID 1 of a container it gets no default action, and its children would outlive a plain root.
static void stop(int number) {
    (void)number;
    for (int i = 0; i < CHILDREN; i++)
        if (children[i] > 0)
            kill(children[i], SIGKILL);
    _exit(0);
}

static struct options parse(int argc, char **argv) {
    struct options options = {.interval_ms = 20, .data = "/data"};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--plain") == 0) {
            options.plain = 1;
        } else if (strcmp(argv[i], "--interval-ms") == 0 && i + 1 < argc) {
            options.interval_ms = atol(argv[++i]);
        } else if (strcmp(argv[i], "--data") == 0 && i + 1 < argc) {
            options.data = argv[++i];
        } else {
            fprintf(stderr, "usage: workload [--plain] [--interval-ms N] [--data DIR]\n");
            exit(64);
        }
    }
    return options;
}

int main(int argc, char **argv) {
    struct options options = parse(argc, argv);
    struct shared *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(shared != MAP_FAILED, "mmap");
    memcpy(shared->mark, mark, sizeof(mark));
    if (!options.plain)
        change_files();
    char path[4096];
    snprintf(path, sizeof(path), "%s/count", options.data);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    must(fd >= 0, path);
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        must(children[i] >= 0, "fork");
        if (children[i] == 0)
            tick(shared, i);
    }
    must(signal(SIGTERM, stop) != SIG_ERR, "signal");
    must(printf("ready\n") > 0 && fflush(stdout) == 0, "stdout");
    count(shared, fd, options.interval_ms);
}
