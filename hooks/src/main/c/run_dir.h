// SPDX-License-Identifier: Apache-2.0
// The private directory of one CRIU run, where launcher, plugin and worker meet.
#pragma once

#include "criu.h"

#include <limits.h>

struct run_dir {
    int fd;
    char path[PATH_MAX];
    char error[PATH_MAX + 128]; // why it was refused, and what to do
};

enum run_dir_state { RUN_DIR_OPEN, RUN_DIR_ABSENT, RUN_DIR_REFUSED };

// Opens ${CRIU_BRIDGE_RUN_DIR:-/run/criu-bridge}/<pid>-<start time>. Anything that somebody other
// than root could have put there or could write to is refused: what is read there is obeyed.
enum run_dir_state run_dir_open(struct run_dir *run, const struct criu *criu);

// Makes it where it is absent (mode 0700) and opens it: RUN_DIR_OPEN or RUN_DIR_REFUSED.
enum run_dir_state run_dir_create(struct run_dir *run, const struct criu *criu);

// Waits for and takes the lock under which workers are started; closing the fd gives it back.
// -1 with errno on failure.
int run_dir_lock(const struct run_dir *run);

// Removes the directory and the files in it; false with errno when something is left.
bool run_dir_remove(const struct run_dir *run);
