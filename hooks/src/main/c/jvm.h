// SPDX-License-Identifier: Apache-2.0
// How the JVM is run.
#pragma once

#include "run_dir.h"

struct jvm {
    char **arguments; // the executable first
    char **environment;
};

// Makes the command "java ... <mode>" out of <dist>/lib/java/jvm.conf and the environment out of
// ours. The process is short: nothing of it is freed. False has been explained to the user.
bool jvm_prepare(struct jvm *jvm, const char *mode, const struct run_dir *run,
                 const struct criu *criu);

enum jvm_group { JVM_OWN_SESSION, JVM_OWN_PROCESS_GROUP };

// Starts it in the run directory with no other descriptors than these and /dev/null, default
// signals, in a group of its own. The pid, or -1 with errno. A program that cannot be run says
// so on err and exits 127.
pid_t jvm_start(const struct jvm *jvm, enum jvm_group group, int run_dir, int out, int err);
