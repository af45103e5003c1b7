// SPDX-License-Identifier: Apache-2.0
#include "placeholder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int own = -1;   // this process's mount namespace
static int stage = -1; // the empty file system

const char *placeholder_open(struct placeholder *placeholder, pid_t pid) {
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/root", pid);
    placeholder->process = (int)syscall(SYS_pidfd_open, pid, 0);
    if (placeholder->process < 0)
        return "pidfd_open";
    placeholder->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return placeholder->root < 0 ? "open its root" : NULL;
}

const char *placeholder_enter_pids(const struct placeholder *placeholder) {
    return setns(placeholder->process, CLONE_NEWPID) == 0 ? NULL : "setns to its PID namespace";
}

const char *placeholder_stage(const char *directory) {
    if (unshare(CLONE_NEWNS) != 0)
        return "unshare";
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return "make mounts private";
    if (mount("criu-bridge", directory, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700") != 0)
        return "mount a tmpfs";
    own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    stage = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (own < 0 || stage < 0)
        return "open the stage";
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
        return "mount /proc";
    return NULL;
}

static int open_beneath(int root, const char *path) {
    while (*path == '/')
        path++;
    struct open_how how = {
        .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof(how));
}

// A mount can be cloned in its own namespace only. Both times the current directory is lost.
static int clone_mount(const struct placeholder *placeholder, int at) {
    if (setns(placeholder->process, CLONE_NEWNS) != 0)
        return -1;
    int tree = open_tree(at, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    int error = errno;
    if (setns(own, CLONE_NEWNS) != 0)
        return -1;
    errno = error;
    return tree;
}

static int make_target(const char *name, char type) {
    if (type == 'd')
        return mkdirat(stage, name, 0700);
    return mknodat(stage, name, S_IFREG | 0600, 0);
}

const char *placeholder_take(const struct placeholder *placeholder, const char *name, char type,
                             const char *path) {
    char directory[4096];
    if (!getcwd(directory, sizeof(directory)))
        return "getcwd";
    int at = open_beneath(placeholder->root, path);
    if (at < 0)
        return "open";
    int tree = clone_mount(placeholder, at);
    close(at);
    if (tree < 0)
        return "clone the mount";
    if (make_target(name, type) != 0)
        return "make a place in the stage";
    // Still in the peer group of the container's: what CRIU mounts below is not for it.
    struct mount_attr alone = {.propagation = MS_PRIVATE};
    if (mount_setattr(tree, "", AT_EMPTY_PATH, &alone, sizeof(alone)) != 0)
        return "mount_setattr";
    if (move_mount(tree, "", stage, name, MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return "move_mount";
    close(tree);
    return chdir(directory) == 0 ? NULL : "chdir";
}

int placeholder_fd(const struct placeholder *placeholder, int number) {
    return (int)syscall(SYS_pidfd_getfd, placeholder->process, number, 0);
}
