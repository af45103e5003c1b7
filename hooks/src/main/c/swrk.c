// SPDX-License-Identifier: Apache-2.0
// criu-swrk OPERATION CRIU [OPTION...]: runs `CRIU swrk 3 OPTION...` for a program that cannot make
// sockets with message boundaries, as Java cannot. Each message is a frame on standard input or
// output: its length, four bytes in network order, and its bytes.
//
// The first frame out is the PID that criu is going to have. The frames in before one that is
// "exec" are files for criu to begin with, "<flags of open(2)> <offset, end or -> <path>": the first
// one becomes descriptor 4, the next one 5 and so on. All that follow are CRIU's own messages.
// Exits as criu does; when standard input ends, criu's peer is gone, and it gives up by itself.
#include "file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FRAME_LIMIT = 16 << 20, CRIU_SOCKET = 3, FIRST_FILE = 4, CANNOT_START = 127 };

static void die(const char *what) {
    dprintf(STDERR_FILENO, "criu-swrk: %s: %s\n", what, strerror(errno));
    _exit(CANNOT_START);
}

// False if it ends before.
static bool read_fully(void *buffer, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t n = read(STDIN_FILENO, (char *)buffer + done, size - done);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool write_fully(const void *buffer, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t n = write(STDOUT_FILENO, (const char *)buffer + done, size - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool write_frame(const void *bytes, size_t size) {
    uint32_t header = htonl((uint32_t)size);
    return write_fully(&header, sizeof(header)) && write_fully(bytes, size);
}

static bool frame_to_socket(int fd, char *buffer) {
    uint32_t header;
    if (!read_fully(&header, sizeof(header)))
        return false;
    size_t size = ntohl(header);
    return size <= FRAME_LIMIT && read_fully(buffer, size) &&
           send(fd, buffer, size, MSG_NOSIGNAL) == (ssize_t)size;
}

// Descriptors that come with a message are not received, and so are closed.
static bool socket_to_frame(int fd, char *buffer) {
    ssize_t n = recv(fd, buffer, FRAME_LIMIT, MSG_TRUNC);
    return n > 0 && n <= FRAME_LIMIT && write_frame(buffer, (size_t)n);
}

static void relay(int fd) {
    struct pollfd ends[] = {{.fd = fd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    char *buffer = malloc(FRAME_LIMIT);
    while (buffer) {
        if (poll(ends, 2, -1) < 0 && errno != EINTR)
            break;
        if (ends[0].revents) { // first: what criu says when it ends is not to be lost
            if (!socket_to_frame(fd, buffer))
                break;
        } else if (ends[1].revents && !frame_to_socket(fd, buffer))
            break;
    }
    close(fd);
}

// NULL, or why the file is not as it has to be.
static const char *prepare(int fd, int flags, const char *offset) {
    if (strcmp(offset, "-") == 0)
        return NULL;
    mode_t type = file_type(fd);
    if (type != 0 && type != S_IFREG && type != S_IFCHR)
        return "is neither a regular file nor a character device";
    bool at_end = strcmp(offset, "end") == 0;
    if (type == 0 || fcntl(fd, F_SETFL, flags) < 0 ||
        lseek(fd, at_end ? 0 : atoll(offset), at_end ? SEEK_END : SEEK_SET) < 0)
        return strerror(errno);
    return NULL;
}

static void open_file(char *directive, int expected) {
    char *flags = strtok(directive, " "), *offset = strtok(NULL, " "), *path = strtok(NULL, "");
    int mode = flags ? atoi(flags) : 0;
    if (!path || (mode & ~(O_ACCMODE | O_APPEND | O_NONBLOCK))) { // others change the file
        errno = EINVAL;
        die(path ? path : "a file to begin with");
    }
    int fd = open(path, mode | O_NONBLOCK | O_NOCTTY); // waits for no fifo
    const char *wrong = fd < 0 ? strerror(errno) : prepare(fd, mode, offset);
    if (!wrong && fd != expected)
        wrong = "opened as another descriptor than was expected";
    if (!wrong)
        return;
    dprintf(STDERR_FILENO, "criu-swrk: %s: %s\n", path, wrong);
    _exit(CANNOT_START);
}

static void become_criu(const char *operation, char **command) {
    static char message[1 << 16];
    for (int next = FIRST_FILE;; next++) {
        ssize_t n = recv(CRIU_SOCKET, message, sizeof(message) - 1, 0);
        if (n <= 0)
            _exit(CANNOT_START);
        message[n] = '\0';
        if (strcmp(message, "exec") == 0)
            break;
        open_file(message, next);
    }
    // A peer that is gone is an error for criu to clean up after, not a signal to die of. Restored
    // processes would inherit this.
    if (strcmp(operation, "dump") == 0)
        signal(SIGPIPE, SIG_IGN);
    execvp(command[1], command + 1);
    die(command[1]);
}

// The child's files: nothing but its end of the socket, as the descriptor that criu is told.
static void keep_socket_only(int fd) {
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
        die("/dev/null");
    if (fd != CRIU_SOCKET && dup2(fd, CRIU_SOCKET) < 0)
        die("dup2");
    if (fcntl(CRIU_SOCKET, F_SETFD, 0) < 0 || close_range(FIRST_FILE, ~0U, 0) != 0)
        die("close_range");
}

static int exit_code(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return CANNOT_START;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: criu-swrk dump|restore CRIU [OPTION...]\n");
        return 64;
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid(); // Ctrl-C is for who started us: CRIU, killed, would leave the network locked
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        die("socketpair");
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    // CRIU ... becomes: "" CRIU swrk 3 OPTION...
    char **command = calloc((size_t)count + 3, sizeof(*command));
    if (!command)
        die("calloc");
    command[1] = arguments[2];
    command[2] = "swrk";
    command[3] = "3";
    memcpy(command + 4, arguments + 3, (size_t)(count - 3) * sizeof(*command));
    if (pid == 0) {
        keep_socket_only(ends[0]);
        become_criu(arguments[1], command);
    }
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    char text[16];
    snprintf(text, sizeof(text), "%d", pid);
    if (write_frame(text, strlen(text)))
        relay(ends[1]);
    return exit_code(pid);
}
