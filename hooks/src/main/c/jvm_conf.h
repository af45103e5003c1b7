// SPDX-License-Identifier: Apache-2.0
// lib/java/jvm.conf: how a JVM of criu-bridge is started.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct jvm_conf {
    char **arguments; // the executable first, the worker's main class last; NULL after the last
    size_t count;     // of them, at least 2
};

// Reads it for one kind of JVM, by the marks of its lines: "dump", "restore", "cli", "transcoding",
// or "" for none of them. Leaves room for more arguments behind the last. The process is short:
// nothing of it is freed. False has been explained to the user.
bool jvm_conf_read(struct jvm_conf *conf, const char *kind, size_t more);
