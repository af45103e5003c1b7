// SPDX-License-Identifier: Apache-2.0
// Mounts a directory of the host into a running container from outside, as the hooks of device
// runtimes do: late-mount PID SOURCE TARGET.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static void die(const char *what) {
    fprintf(stderr, "late-mount: %s: %s\n", what, strerror(errno));
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: late-mount PID SOURCE TARGET\n");
        return 64;
    }
    char ns[64];
    snprintf(ns, sizeof ns, "/proc/%d/ns/mnt", atoi(argv[1]));
    int source = open_tree(AT_FDCWD, argv[2], OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (source < 0)
        die(argv[2]);
    int container = open(ns, O_RDONLY | O_CLOEXEC);
    if (container < 0 || setns(container, CLONE_NEWNS) < 0)
        die(ns);
    if (move_mount(source, "", AT_FDCWD, argv[3], MOVE_MOUNT_F_EMPTY_PATH) < 0)
        die(argv[3]);
    return 0;
}
