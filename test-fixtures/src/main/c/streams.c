// SPDX-License-Identifier: Apache-2.0
// A program with TCP connections of IPv4 and IPv6 that hold data on both ways: what was received
// and not read, and what was sent and does not fit the other end, so that it waits to be sent.
// Static, and to be run with the loopback up.
//
// usage: streams DIR    DIR: where it makes its files. "ready" says that all is there; once "ask"
// is
//                       there, it reads all that is under way, writes "answer", and ends
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SMALL = 1024, PERIOD = 251 };

struct stream {
    const char *name;
    int client, accepted;
    size_t sent;
};

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "streams: %s: %s\n", what, strerror(errno));
    exit(1);
}

static struct stream connect_ends(const char *name, struct sockaddr *here, socklen_t length) {
    struct stream stream = {.name = name};
    int server = socket(here->sa_family, SOCK_STREAM, 0);
    // The kernel makes little of it the least that it can do with.
    int size = SMALL;
    must(server >= 0 && setsockopt(server, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0 &&
             bind(server, here, length) == 0 && listen(server, 1) == 0 &&
             getsockname(server, here, &length) == 0,
         "listen");
    stream.client = socket(here->sa_family, SOCK_STREAM, 0);
    must(stream.client >= 0 &&
             setsockopt(stream.client, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0 &&
             connect(stream.client, here, length) == 0,
         "connect");
    stream.accepted = accept(server, NULL, NULL);
    must(stream.accepted >= 0 && close(server) == 0, "accept");
    return stream;
}

static void fill(struct stream *stream) {
    must(fcntl(stream->client, F_SETFL, O_NONBLOCK) == 0, "nonblocking");
    char byte = 0;
    while (write(stream->client, &byte, 1) == 1)
        byte = (char)(++stream->sent % PERIOD);
    must(errno == EAGAIN && write(stream->accepted, stream->name, strlen(stream->name)) > 0,
         "fill");
}

static void tell(FILE *out, const struct stream *stream) {
    char back[16] = {0};
    must(fcntl(stream->client, F_SETFL, 0) == 0 &&
             read(stream->client, back, sizeof back - 1) > 0 &&
             shutdown(stream->client, SHUT_WR) == 0,
         "read back");
    size_t got = 0, wrong = 0;
    for (unsigned char byte; read(stream->accepted, &byte, 1) == 1; got++)
        wrong += byte != got % PERIOD;
    fprintf(out, "%s: %s, %s\n", stream->name, back,
            wrong == 0 && got == stream->sent ? "all that was sent" : "not what was sent");
}

int main(int argc, char **argv) {
    must(argc == 2 && chdir(argv[1]) == 0, "usage: streams DIR");
    // Whoever starts it may have left more open than the standard streams.
    close_range(3, ~0U, 0);
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct stream streams[] = {connect_ends("inet", (struct sockaddr *)&four, sizeof four),
                               connect_ends("inet6", (struct sockaddr *)&six, sizeof six)};
    fill(&streams[0]);
    fill(&streams[1]);
    must(close(open("ready", O_WRONLY | O_CREAT, 0600)) == 0, "ready");
    while (access("ask", F_OK) != 0)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    FILE *out = fopen("answer.new", "w");
    must(out != NULL, "answer");
    tell(out, &streams[0]);
    tell(out, &streams[1]);
    must(fclose(out) == 0 && rename("answer.new", "answer") == 0, "answer");
}
