// SPDX-License-Identifier: Apache-2.0
// A program whose memory changes in rounds, for incremental dumps. Each of its pages says of which
// round it is; in round N, the pages with a number of which N is the rest by 4 are written again.
// Static.
//
// usage: increments DIR     DIR: where it makes the file "round-N" when round N is over, 0 at
// first;
//                           SIGUSR1 begins the next
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 32, STEP = 4 };

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "increments: %s: %s\n", what, strerror(errno));
    exit(1);
}

static char *map(int flags) {
    char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    must(memory != MAP_FAILED, "mmap");
    return memory;
}

static void write_pages(char *memory, const char *kind, int round) {
    for (int i = 0; i < PAGES; i++)
        if (round == 0 || i % STEP == round)
            snprintf(memory + i * PAGE, PAGE, "%s page %d of round %d", kind, i, round);
}

int main(int argc, char **argv) {
    must(argc == 2 && chdir(argv[1]) == 0, "usage: increments DIR");
    sigset_t next;
    sigemptyset(&next);
    sigaddset(&next, SIGUSR1);
    must(sigprocmask(SIG_BLOCK, &next, NULL) == 0, "sigprocmask");
    char *own = map(MAP_PRIVATE), *shared = map(MAP_SHARED);
    for (int round = 0;; round++) {
        write_pages(own, "private", round);
        write_pages(shared, "shared", round);
        char name[32];
        snprintf(name, sizeof(name), "round-%d", round);
        must(close(open(name, O_WRONLY | O_CREAT, 0600)) == 0, name);
        int signal;
        must(sigwait(&next, &signal) == 0, "sigwait");
    }
}
