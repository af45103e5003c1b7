// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

#include "clock.h"
#include "say.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_AGAIN_MS = 1000 }; // at the deadline, which the worker may have set since

extern char **environ;

static bool send_all(int socket, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t n = send(socket, bytes, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

bool exchange_send(int socket) {
    for (char **variable = environ; *variable; variable++) {
        bool ours =
            strncmp(*variable, "CRTOOLS_", 8) == 0 || strncmp(*variable, "CRIU_BRIDGE_", 12) == 0;
        if (ours && !send_all(socket, *variable, strlen(*variable) + 1))
            return false;
    }
    return shutdown(socket, SHUT_WR) == 0;
}

struct stream {
    int fd;
    int verdict; // the exit line that came last, -1 for none
    size_t length;
    char line[SAY_LIMIT + 1]; // one more than is printed, so that a cut line is never an exit line
};

static int exit_line(const struct stream *stream) {
    static const char word[] = "exit ";
    size_t digits = stream->length - strlen(word);
    if (stream->length <= strlen(word) || digits > 3 || memcmp(stream->line, word, strlen(word)))
        return -1;
    int code = 0;
    for (size_t i = strlen(word); i < stream->length; i++) {
        if (stream->line[i] < '0' || stream->line[i] > '9')
            return -1;
        code = code * 10 + stream->line[i] - '0';
    }
    return code <= 125 ? code : -1;
}

// An exit line is the verdict only as the last line; when another follows it was text.
static void end_line(struct stream *stream, bool may_decide) {
    if (stream->verdict >= 0)
        say("exit %d", stream->verdict);
    stream->verdict = may_decide ? exit_line(stream) : -1;
    if (stream->verdict < 0)
        say_text(stream->line, stream->length);
    stream->length = 0;
}

static void take(struct stream *stream, const char *bytes, size_t count, bool may_decide) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '\n')
            end_line(stream, may_decide);
        else if (stream->length < sizeof(stream->line))
            stream->line[stream->length++] = bytes[i];
    }
}

// Takes what has arrived; marks the stream closed (-1) at its end or when it breaks.
static void read_some(struct stream *stream, bool may_decide) {
    char bytes[8192];
    ssize_t n = read(stream->fd, bytes, sizeof(bytes));
    if (n > 0)
        take(stream, bytes, (size_t)n, may_decide);
    if (n > 0 || (n < 0 && errno == EINTR))
        return;
    if (stream->length > 0)
        end_line(stream, false); // without its newline: torn off, not an answer
    stream->fd = -1;
}

static int wait_ms(const struct deadline *deadline) {
    int left = clock_left_ms(deadline_end_ms(deadline));
    return left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS;
}

enum exchange exchange_receive(int answer, int log, const struct deadline *deadline,
                               int *exit_code) {
    struct stream streams[] = {{.fd = answer, .verdict = -1}, {.fd = log, .verdict = -1}};
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        struct pollfd ready[] = {{.fd = streams[0].fd, .events = POLLIN},
                                 {.fd = streams[1].fd, .events = POLLIN}};
        int wait = wait_ms(deadline), count = poll(ready, 2, wait);
        if (count == 0 && wait == 0)
            return OVERDUE;
        for (int i = 0; count > 0 && i < 2; i++)
            if (ready[i].revents)
                read_some(&streams[i], i == 0);
    }
    *exit_code = streams[0].verdict;
    return streams[0].verdict >= 0 ? ANSWERED : BROKEN_OFF;
}
