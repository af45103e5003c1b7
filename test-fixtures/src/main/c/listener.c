// SPDX-License-Identifier: Apache-2.0
// A program with TCP sockets, whose checkpoint is edited. Static. It listens on 127.0.0.1, is
// connected to another program, and tells whoever connects what has become of that connection:
// "open" or "closed".
//
// usage: listener DIR PEER     DIR: where it writes its port, "port"; PEER: the other's port
//        listener ROOT VOLUME PEER     the same in mounts of its own: with the root ROOT, which has
//                                      /listener, /old and /volume, where VOLUME is mounted and
//                                      the port is written
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "listener: %s: %s\n", what, strerror(errno));
    exit(1);
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void move_to(const char *root, const char *volume, char *peer) {
    must(unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
             mount(root, root, NULL, MS_BIND, NULL) == 0 && chdir(root) == 0 &&
             mount(volume, "volume", NULL, MS_BIND, NULL) == 0,
         "mounts");
    must(chdir(root) == 0 && syscall(SYS_pivot_root, ".", "old") == 0 && chdir("/") == 0 &&
             umount2("/old", MNT_DETACH) == 0,
         "root");
    // What is open is of mounts that CRIU does not see.
    for (int fd = 0; fd < 1024; fd++)
        close(fd);
    execv("/listener", (char *[]){"/listener", "/volume", peer, NULL});
    _exit(1);
}

int main(int argc, char **argv) {
    if (argc == 4)
        move_to(argv[1], argv[2], argv[3]);
    must(argc == 3 && chdir(argv[1]) == 0, "usage: listener DIR PEER");
    struct sockaddr_in address = loopback(atoi(argv[2]));
    int peer = socket(AF_INET, SOCK_STREAM, 0);
    must(peer >= 0 && connect(peer, (struct sockaddr *)&address, sizeof(address)) == 0, "connect");
    address = loopback(0);
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    must(listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 &&
             listen(listener, 4) == 0 &&
             getsockname(listener, (struct sockaddr *)&address, &length) == 0,
         "listen");
    FILE *port = fopen("port.new", "w");
    must(port != NULL && fprintf(port, "%d\n", ntohs(address.sin_port)) > 0 && fclose(port) == 0 &&
             rename("port.new", "port") == 0,
         "port");
    for (;;) {
        int client = accept(listener, NULL, NULL);
        must(client >= 0, "accept");
        char byte;
        ssize_t got = recv(peer, &byte, 1, MSG_DONTWAIT);
        const char *state = got < 0 && errno == EAGAIN ? "open\n" : "closed\n";
        must(write(client, state, strlen(state)) > 0 && close(client) == 0, "answer");
    }
}
