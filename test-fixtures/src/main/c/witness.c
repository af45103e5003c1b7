// SPDX-License-Identifier: Apache-2.0
// A program that can tell whether all that CRIU had to carry for it has arrived: what is in its
// memory, pipes, sockets, nameless files, System V IPC and a descriptor under way. Static, and to
// be run in an IPC namespace of its own.
//
// usage: witness DIR [internet]   DIR: where it makes its files. "ready" says that all is there;
// once
//                                 "ask" is there, it reads everything back, writes "answer", and
//                                 ends
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 64, CHUNKED = 16 * PAGE };

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "witness: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int pipe_ends[2], packets[2], rights[2], tcp[2] = {-1, -1};
static int sparse, memory_file, event, semaphores, messages;
static char *pages, *segment;

static void map_memory(void) {
    pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(pages != MAP_FAILED, "mmap");
    for (int i = 0; i < PAGES; i += 2)
        snprintf(pages + i * PAGE, PAGE, "page %d", i);
}

static void make_files(void) {
    sparse = open("sparse", O_RDWR | O_CREAT, 0600);
    must(sparse >= 0 && pwrite(sparse, "first", 5, 0) == 5 &&
             pwrite(sparse, "last", 4, CHUNKED - 4) == 4 && unlink("sparse") == 0,
         "sparse");
    memory_file = memfd_create("witness", 0);
    must(memory_file >= 0 && write(memory_file, "in the memfd", 12) == 12, "memfd");
    event = eventfd(42, 0);
    must(event >= 0, "eventfd");
    must(pipe(pipe_ends) == 0 && write(pipe_ends[1], "in the pipe", 11) == 11, "pipe");
}

// The descriptor of an open file, which nobody has taken from the queue yet.
static void send_descriptor(void) {
    int file = open("sent", O_RDWR | O_CREAT, 0600);
    must(file >= 0 && write(file, "was sent", 8) == 8, "sent");
    char room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec data = {.iov_base = "fd", .iov_len = 2};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
    struct cmsghdr *control = CMSG_FIRSTHDR(&message);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(control), &file, sizeof(int));
    must(socketpair(AF_UNIX, SOCK_DGRAM, 0, rights) == 0 && sendmsg(rights[0], &message, 0) == 2 &&
             close(file) == 0,
         "descriptor");
}

static void fill_sockets(int internet) {
    must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, packets) == 0 &&
             send(packets[0], "one", 3, 0) == 3 && send(packets[0], "three", 5, 0) == 5,
         "packets");
    send_descriptor();
    if (!internet)
        return;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof(here);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    must(server >= 0 && bind(server, (void *)&here, length) == 0 && listen(server, 3) == 0 &&
             getsockname(server, (void *)&here, &length) == 0,
         "listen");
    tcp[0] = socket(AF_INET, SOCK_STREAM, 0);
    must(tcp[0] >= 0 && connect(tcp[0], (void *)&here, length) == 0, "connect");
    tcp[1] = accept(server, NULL, NULL);
    must(tcp[1] >= 0 && write(tcp[0], "not read yet", 12) == 12 && close(server) == 0, "tcp");
}

struct text {
    long type;
    char bytes[8];
};

static void make_ipc(void) {
    semaphores = semget(IPC_PRIVATE, 3, 0600);
    unsigned short values[] = {7, 8, 9};
    must(semaphores >= 0 && semctl(semaphores, 0, SETALL, values) == 0, "semaphores");
    messages = msgget(IPC_PRIVATE, 0600);
    struct text text = {1, "eight by"};
    must(messages >= 0 && msgsnd(messages, &text, 8, 0) == 0 && msgsnd(messages, &text, 5, 0) == 0,
         "messages");
    segment = shmat(shmget(IPC_PRIVATE, PAGE, 0600), NULL, 0);
    must(segment != NULL && segment != (char *)-1, "shared memory");
    strcpy(segment, "in the segment");
}

static void tell(FILE *out, const char *what, ssize_t count, const char *bytes) {
    fprintf(out, "%s: %.*s\n", what, count < 0 ? 0 : (int)count, bytes);
}

static void tell_descriptor(FILE *out) {
    char bytes[16], room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec data = {.iov_base = bytes, .iov_len = sizeof(bytes)};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
    ssize_t count = recvmsg(rights[1], &message, MSG_DONTWAIT);
    struct cmsghdr *control = count < 0 ? NULL : CMSG_FIRSTHDR(&message);
    int file = -1;
    if (control != NULL && control->cmsg_type == SCM_RIGHTS)
        memcpy(&file, CMSG_DATA(control), sizeof(int));
    tell(out, "descriptor", pread(file, bytes, sizeof(bytes), 0), bytes);
}

static void tell_files(FILE *out) {
    char bytes[64];
    int right = 0;
    for (int i = 0; i < PAGES; i++) {
        snprintf(bytes, sizeof(bytes), i % 2 ? "" : "page %d", i);
        right += strcmp(bytes, pages + i * PAGE) == 0;
    }
    fprintf(out, "pages: %d\n", right);
    tell(out, "sparse first", pread(sparse, bytes, 5, 0), bytes);
    tell(out, "sparse last", pread(sparse, bytes, 9, CHUNKED - 4), bytes);
    tell(out, "memfd", pread(memory_file, bytes, sizeof(bytes), 0), bytes);
    uint64_t number = 0;
    must(read(event, &number, sizeof(number)) == sizeof(number), "eventfd");
    fprintf(out, "eventfd: %llu\n", (unsigned long long)number);
    tell(out, "pipe", read(pipe_ends[0], bytes, sizeof(bytes)), bytes);
}

static void tell_queues(FILE *out) {
    char bytes[64];
    for (int i = 0; i < 2; i++)
        tell(out, "packet", recv(packets[1], bytes, sizeof(bytes), MSG_DONTWAIT), bytes);
    tell_descriptor(out);
    if (tcp[1] >= 0)
        tell(out, "tcp", recv(tcp[1], bytes, sizeof(bytes), MSG_DONTWAIT), bytes);
    for (int i = 0; i < 3; i++)
        fprintf(out, "semaphore: %d\n", semctl(semaphores, i, GETVAL));
    struct text text;
    for (int i = 0; i < 2; i++)
        tell(out, "message", msgrcv(messages, &text, sizeof(text.bytes), 0, IPC_NOWAIT),
             text.bytes);
    tell(out, "segment", (ssize_t)strnlen(segment, PAGE), segment);
}

int main(int argc, char **argv) {
    must(argc >= 2 && chdir(argv[1]) == 0, "usage: witness DIR [internet]");
    map_memory();
    make_files();
    fill_sockets(argc > 2);
    make_ipc();
    must(close(open("ready", O_WRONLY | O_CREAT, 0600)) == 0, "ready");
    while (access("ask", F_OK) != 0)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    FILE *out = fopen("answer.new", "w");
    must(out != NULL, "answer");
    tell_files(out);
    tell_queues(out);
    must(fclose(out) == 0 && rename("answer.new", "answer") == 0, "answer");
}
