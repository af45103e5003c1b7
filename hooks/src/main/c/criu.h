// SPDX-License-Identifier: Apache-2.0
// The CRIU process both programs serve.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

// A pid alone may be another process tomorrow; with its start time it is one process for ever.
struct criu {
    pid_t pid;
    unsigned long long start_time; // in clock ticks since boot
};

// False with errno when the process is gone. Source: proc_pid_stat(5), field 22.
bool criu_identify(pid_t pid, struct criu *criu);

// Does any argument of its command line contain the text? Over RPC CRIU rewrites its command
// line, so this sees only what was given to the program itself.
bool criu_was_told(const struct criu *criu, const char *text);

// Was the option given, as "--name", "--name=value", "-x" or "-xvalue"?
bool criu_has_option(const struct criu *criu, const char *name, char letter);
