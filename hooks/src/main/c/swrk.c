// SPDX-License-Identifier: Apache-2.0
// criu-swrk OPERATION PLACEHOLDER CRIU [OPTION...]: runs `CRIU swrk 3 OPTION...` for a program that
// cannot make sockets with message boundaries, as Java cannot. Each message is a frame on standard
// input or output: its length, four bytes in network order, and its bytes.
//
// PLACEHOLDER is the first process of a container to restore into (placeholder.h), or -.
// The first frame out is the PID that criu is going to have. The frames in before one that is
// "exec" say what criu begins with. The first two make descriptors, of which the first is 4, the
// next one 5 and so on; the others come after them:
//
//     open FLAGS OFFSET PATH  a file with these flags of open(2); at OFFSET, its end, or neither: -
//     fd NUMBER               what the placeholder's first process has open under this number
//     stage DIRECTORY         a mount namespace of its own, with an empty file system there
//     take NAME TYPE PATH     the placeholder's mount at a path (d: a directory, f: a file) there
//
// All that follow are CRIU's own messages.
// Exits as criu does; when standard input ends, criu's peer is gone, and it gives up by itself.
#include "breakpoint.h"
#include "file.h"
#include "placeholder.h"

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
enum { PLACEHOLDER_PROCESS = 900, PLACEHOLDER_ROOT }; // out of the way of criu's

// An error that is not the kernel's has no errno: 0.
static void die_of(const char *subject, const char *what) {
    const char *error = errno ? strerror(errno) : "";
    dprintf(STDERR_FILENO, "criu-swrk: %s%s%s%s%s\n", subject, *subject ? ": " : "", what,
            *error ? ": " : "", error);
    _exit(CANNOT_START);
}

static void die(const char *what) {
    die_of("", what);
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

static const char *not_kernels(const char *what) {
    errno = 0;
    return what;
}

// NULL, or why the file is not as it has to be. Without an offset it is a directory or a namespace.
static const char *prepare(int fd, int flags, const char *offset) {
    const char *wrong =
        strcmp(offset, "-") == 0 ? NULL : file_set_mode_and_offset(fd, flags, offset);
    return wrong ? not_kernels(wrong) : NULL; // it tells the kernel's reason itself
}

static int open_file(char *arguments, const char **wrong) {
    char *flags = strtok(arguments, " "), *offset = strtok(NULL, " "), *path = strtok(NULL, "");
    int mode = flags ? atoi(flags) : 0;
    errno = EINVAL;
    if (!path)
        return -1;
    int fd = file_open(path, mode);
    *wrong = fd < 0 ? NULL : prepare(fd, mode, offset);
    return fd;
}

static const char *take(const struct placeholder *placeholder, char *arguments) {
    char *name = strtok(arguments, " "), *type = strtok(NULL, " "), *path = strtok(NULL, "");
    errno = EINVAL;
    return path ? placeholder_take(placeholder, name, *type, path) : "take";
}

// Carries out one frame. Dies with what is wrong: Java has proven before that it can be done.
static void prepare_criu(const struct placeholder *placeholder, char *frame, int *next_file) {
    char text[1 << 13];
    snprintf(text, sizeof(text), "%.8000s", frame);
    const char *wrong = NULL;
    char *verb = strtok(frame, " "), *arguments = strtok(NULL, "");
    if (!verb || !arguments) {
        wrong = not_kernels("no such frame");
    } else if (strcmp(verb, "stage") == 0) {
        wrong = placeholder_stage(arguments);
    } else if (strcmp(verb, "take") == 0) {
        wrong = take(placeholder, arguments);
    } else {
        bool given = strcmp(verb, "fd") == 0;
        int fd =
            given ? placeholder_fd(placeholder, atoi(arguments)) : open_file(arguments, &wrong);
        if (fd < 0)
            wrong = "open";
        else if (!wrong && fd != (*next_file)++)
            wrong = not_kernels("opened as another descriptor than was expected");
        if (fd >= 0 && given) // CRIU begins with it
            fcntl(fd, F_SETFD, 0);
    }
    if (wrong)
        die_of(text, wrong);
}

static void become_criu(const struct placeholder *placeholder, const char *operation,
                        char **command) {
    static char message[1 << 16];
    for (int next = FIRST_FILE;;) {
        ssize_t n = recv(CRIU_SOCKET, message, sizeof(message) - 1, 0);
        if (n <= 0)
            _exit(CANNOT_START);
        message[n] = '\0';
        if (strcmp(message, "exec") == 0)
            break;
        prepare_criu(placeholder, message, &next);
    }
    // A peer that is gone is an error for criu to clean up after, not a signal to die of. Restored
    // processes would inherit this.
    if (strcmp(operation, "dump") == 0)
        signal(SIGPIPE, SIG_IGN);
    execvp(command[1], command + 1);
    die(command[1]);
}

// The child's files: its end of the socket, as the descriptor that criu is told, and the
// placeholder's, which are closed when it becomes criu.
static void keep_socket_only(int fd) {
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
        die("/dev/null");
    if (fd != CRIU_SOCKET && dup2(fd, CRIU_SOCKET) < 0)
        die("dup2");
    if (fcntl(CRIU_SOCKET, F_SETFD, 0) < 0 ||
        close_range(FIRST_FILE, PLACEHOLDER_PROCESS - 1, 0) != 0 ||
        close_range(PLACEHOLDER_ROOT + 1, ~0U, 0) != 0)
        die("close_range");
}

static int exit_code(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return CANNOT_START;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static struct placeholder open_placeholder(const char *pid) {
    struct placeholder found = {-1, -1};
    if (strcmp(pid, "-") == 0)
        return found;
    const char *wrong = placeholder_open(&found, atoi(pid));
    if (!wrong)
        wrong = placeholder_enter_pids(&found);
    if (!wrong && (dup3(found.process, PLACEHOLDER_PROCESS, O_CLOEXEC) < 0 ||
                   dup3(found.root, PLACEHOLDER_ROOT, O_CLOEXEC) < 0))
        wrong = "dup3";
    if (wrong)
        die(wrong);
    return (struct placeholder){PLACEHOLDER_PROCESS, PLACEHOLDER_ROOT};
}

// CRIU OPTION... becomes: "" CRIU swrk 3 OPTION...
static char **criu_command(int count, char **arguments) {
    char **command = calloc((size_t)count + 4, sizeof(*command));
    if (!command)
        die("calloc");
    command[1] = arguments[0];
    command[2] = "swrk";
    command[3] = "3";
    memcpy(command + 4, arguments + 1, (size_t)(count - 1) * sizeof(*command));
    return command;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: criu-swrk dump|restore PLACEHOLDER|- CRIU [OPTION...]\n");
        return 64;
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid(); // Ctrl-C is for who started us: CRIU, killed, would leave the network locked
    if (!breakpoint_works() && setenv(CRIU_FAULT, CRIU_FAULT_NO_BREAKPOINTS_TEXT, 0) != 0)
        die("setenv");
    struct placeholder placeholder = open_placeholder(arguments[2]);
    char **command = criu_command(count - 3, arguments + 3);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        die("socketpair");
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        keep_socket_only(ends[0]);
        become_criu(&placeholder, arguments[1], command);
    }
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    char text[16];
    snprintf(text, sizeof(text), "%d", pid);
    if (write_frame(text, strlen(text)))
        relay(ends[1]);
    return exit_code(pid);
}
