// SPDX-License-Identifier: Apache-2.0
// One of each: a program whose checkpoint has most kinds of image file, with content that a test
// can know. Three processes (the root with a second thread, a child, a stopped child) and a zombie.
// Static, and to be run in an IPC namespace of its own.
//
// usage: menagerie DIR     DIR: where it makes its files; "ready" in it says that all is there
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, CHUNKED = 16 * PAGE };

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "menagerie: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *rest(void *unused) {
    for (;;)
        pause();
    return unused;
}

// Files without a name: one short, one with a hole between two chunks.
static void make_ghosts(void) {
    int fd = open("small", O_RDWR | O_CREAT, 0600);
    must(fd >= 0 && write(fd, "boo", 3) == 3 && unlink("small") == 0, "small");
    fd = open("sparse", O_RDWR | O_CREAT, 0600);
    must(fd >= 0 && pwrite(fd, "first", 5, 0) == 5 && pwrite(fd, "last", 4, CHUNKED - 4) == 4 &&
             unlink("sparse") == 0,
         "sparse");
}

static void make_queues(void) {
    int ends[2];
    must(pipe(ends) == 0 && write(ends[1], "in the pipe", 11) == 11, "pipe");
    must(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0 && send(ends[0], "one", 3, 0) == 3 &&
             send(ends[0], "three", 5, 0) == 5,
         "socketpair");
    must(mkfifo("fifo", 0600) == 0, "fifo");
    int fifo = open("fifo", O_RDWR);
    must(fifo >= 0 && write(fifo, "in the fifo", 11) == 11, "fifo");
}

static void make_ipc(void) {
    int semaphores = semget(0x5e3, 3, IPC_CREAT | 0600);
    unsigned short values[] = {7, 8, 9};
    must(semaphores >= 0 && semctl(semaphores, 0, SETALL, values) == 0, "semaphores");
    int queue = msgget(0x35c, IPC_CREAT | 0600);
    struct {
        long type;
        char text[8];
    } message = {1, "eight by"};
    // A multiple of eight is not padded, five bytes are.
    must(queue >= 0 && msgsnd(queue, &message, 8, 0) == 0 && msgsnd(queue, &message, 5, 0) == 0,
         "messages");
    for (int key = 0x541; key < 0x543; key++) {
        int segment = shmget(key, PAGE, IPC_CREAT | 0600);
        char *memory = segment >= 0 ? shmat(segment, NULL, 0) : NULL;
        must(memory != NULL && memory != (char *)-1, "shared memory");
        strcpy(memory, "attached");
    }
}

static void start_child(int stopped) {
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child > 0)
        return;
    // A name need not be text.
    prctl(PR_SET_NAME, stopped ? "stopped" : "odd \xff name");
    if (stopped)
        raise(SIGSTOP);
    rest(NULL);
}

int main(int argc, char **argv) {
    must(argc == 2 && chdir(argv[1]) == 0, "usage: menagerie DIR");
    char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(shared != MAP_FAILED, "mmap");
    strcpy(shared, "shared");
    make_ghosts();
    make_queues();
    make_ipc();
    start_child(0);
    start_child(1);
    pid_t zombie = fork();
    must(zombie >= 0, "fork");
    if (zombie == 0)
        _exit(3);
    siginfo_t changed;
    must(waitid(P_ALL, 0, &changed, WSTOPPED | WNOWAIT) == 0, "stopped child");
    must(waitid(P_PID, (id_t)zombie, &changed, WEXITED | WNOWAIT) == 0, "zombie");
    pthread_t thread;
    must(pthread_create(&thread, NULL, rest, NULL) == 0, "thread");
    must(close(open("ready", O_WRONLY | O_CREAT, 0600)) == 0, "ready");
    rest(NULL);
}
