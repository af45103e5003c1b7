// SPDX-License-Identifier: Apache-2.0
// A container that waits to be filled with the processes of a checkpoint: criu runs in its PID
// namespace, so that they end with it, and binds its mounts, which it may do only where they are
// mounted in a namespace of its own.
#pragma once

#include <sys/types.h>

struct placeholder {
    int process; // a pidfd
    int root;    // its root directory
};

// Every function that returns a string returns NULL, or what did not work, with errno.

// Opens the container of this first process.
const char *placeholder_open(struct placeholder *placeholder, pid_t pid);

// Has children of this process be born in the container's PID namespace.
const char *placeholder_enter_pids(const struct placeholder *placeholder);

// Gives this process a mount namespace of its own, with the /proc of its PID namespace, and an
// empty file system at the directory.
const char *placeholder_stage(const char *directory);

// Mounts what is at a path of the container, without what is mounted below it, as a name in the
// stage: a directory (type 'd') or a file. No link is followed.
const char *placeholder_take(const struct placeholder *placeholder, const char *name, char type,
                             const char *path);

// Opens what the container's first process has open under this number: the same open file.
int placeholder_fd(const struct placeholder *placeholder, int number);
