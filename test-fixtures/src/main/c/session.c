// SPDX-License-Identifier: Apache-2.0
// A program with a terminal that a session of its own controls, as a shell's: the session's leader
// is a child, whose child is in the foreground; what was typed is not read. And with files in
// memory (memfd_create): one sealed and mapped. Static. When it ends, its terminal hangs up, and
// with it leader and job.
//
// usage: session DIR         DIR: where it makes its files. "ready" says that all is there; once
//                            "ask" is there, it looks at all of it, writes "answer", and ends
//        session ROOT DIR    the same as the first process of namespaces of its own, UTS and mounts
//                            among them, with the root ROOT: it has /session, /old, /proc, /dev/pts
//                            and DIR
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "session: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int plain, sealed, master, slave;
static char *mapped;
static pid_t leader;

static void make_memory_files(void) {
    plain = memfd_create("plain", 0);
    must(plain >= 0 && write(plain, "in the file", 11) == 11 && lseek(plain, 3, SEEK_SET) == 3,
         "plain");
    sealed = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    must(sealed >= 0 && ftruncate(sealed, 2 * PAGE) == 0, "sealed");
    mapped = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, sealed, 0);
    must(mapped != MAP_FAILED && fcntl(sealed, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0,
         "seals");
    strcpy(mapped + PAGE, "on the second page");
}

static void wait_for_ever(const char *name) {
    prctl(PR_SET_NAME, name);
    for (;;)
        pause();
}

// The child of the leader, in the foreground; says so by the pipe.
static void lead(int told) {
    must(setsid() > 0 && ioctl(slave, TIOCSCTTY, 0) == 0 && close(master) == 0, "terminal");
    pid_t job = fork();
    must(job >= 0, "fork");
    if (job == 0)
        wait_for_ever("job");
    must(setpgid(job, job) == 0 && tcsetpgrp(slave, job) == 0 && write(told, "", 1) == 1,
         "foreground");
    wait_for_ever("leader");
}

static void open_terminal(void) {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    int none = 0;
    must(master >= 0 && ioctl(master, TIOCSPTLCK, &none) == 0, "ptmx");
    slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
    struct winsize size = {.ws_row = 40, .ws_col = 100};
    must(slave >= 0 && ioctl(slave, TIOCSWINSZ, &size) == 0, "pts");
    int told[2];
    char byte;
    must(pipe(told) == 0, "pipe");
    leader = fork();
    must(leader >= 0, "fork");
    if (leader == 0)
        lead(told[1]);
    must(read(told[0], &byte, 1) == 1 && close(told[0]) == 0 && close(told[1]) == 0, "leader");
    must(write(master, "typed\n", 6) == 6, "type");
}

static void move_to(const char *root, char *directory) {
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
             mount(root, root, NULL, MS_BIND, NULL) == 0 && chdir(root) == 0 &&
             mount("proc", "proc", "proc", 0, NULL) == 0 &&
             mount("devpts", "dev/pts", "devpts", 0, "newinstance,ptmxmode=0666") == 0 &&
             symlink("pts/ptmx", "dev/ptmx") == 0,
         "mounts");
    must(syscall(SYS_pivot_root, ".", "old") == 0 && chdir("/") == 0 &&
             umount2("/old", MNT_DETACH) == 0 && setsid() > 0 && sethostname("session", 7) == 0,
         "root");
    // What is open is of mounts that CRIU does not see.
    close_range(0, ~0U, 0);
    execv("/session", (char *[]){"/session", directory, NULL});
    _exit(1);
}

static void tell(FILE *out, const char *what, ssize_t count, const char *bytes) {
    fprintf(out, "%s: %.*s\n", what, count < 0 ? 0 : (int)count, bytes);
}

static void tell_all(FILE *out) {
    char bytes[64];
    tell(out, "plain", read(plain, bytes, sizeof bytes), bytes);
    tell(out, "sealed", pread(sealed, bytes, 18, PAGE), bytes);
    strcpy(mapped, "mapped");
    tell(out, "mapping", pread(sealed, bytes, 6, 0), bytes);
    fprintf(out, "seals: %d\n", fcntl(sealed, F_GET_SEALS));
    struct winsize size = {0};
    must(ioctl(master, TIOCGWINSZ, &size) == 0, "size");
    fprintf(out, "terminal: %dx%d\n", size.ws_col, size.ws_row);
    fprintf(out, "session: %s\n", tcgetsid(master) == leader ? "the leader's" : "another");
    pid_t job = tcgetpgrp(master);
    fprintf(out, "foreground: %s\n",
            job > 0 && getsid(job) == leader && job != leader ? "the job" : "another");
    must(fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0, "nonblocking");
    tell(out, "typed", read(slave, bytes, 5), bytes);
}

int main(int argc, char **argv) {
    if (argc == 3)
        move_to(argv[1], argv[2]);
    must(argc == 2 && chdir(argv[1]) == 0, "usage: session DIR");
    make_memory_files();
    open_terminal();
    must(close(open("ready", O_WRONLY | O_CREAT, 0600)) == 0, "ready");
    while (access("ask", F_OK) != 0)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    FILE *out = fopen("answer.new", "w");
    must(out != NULL, "answer");
    tell_all(out);
    must(fclose(out) == 0 && rename("answer.new", "answer") == 0, "answer");
}
