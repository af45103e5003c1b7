// SPDX-License-Identifier: Apache-2.0
// The plan: what the worker wants CRIU to be told, which the plugin tells it.
//
// A text file, <run directory>/plan, of at most 1 MiB, 16384 directives and 8 KiB a line:
//
//     criu-bridge-plan 1
//     external mnt[/vol1]:/vol1         as for criu --external
//     skip-mount /sys/kernel/debug      as for criu --skip-mnt, a path in the container
//     inherit-fd extNet /run/netns/pod  opens the path read-only for criu --inherit-fd. Only for
//                                       names that CRIU enters (net)
//     inherit-file ile[1b:2] /log 1025 end   opens the path with these open(2) flags (decimal) and
//                                       seeks to that offset or the end, for criu --inherit-fd;
//                                       CRIU uses the descriptor as it is, and checks nothing of
//                                       it; with O_NOFOLLOW see file_open()
//     restore-mount 123 /srv/vol1       restores the mount of that id (decimal, that of the dump)
//                                       by binding this path, when CRIU asks plugins for it
//     end
//
// One space separates arguments. Bytes up to 0x20, 0x7f and the backslash are written as \ooo,
// three octal digits, inside them; NUL cannot be meant. Without its last line it is torn off.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum plan_verb {
    PLAN_EXTERNAL,
    PLAN_SKIP_MOUNT,
    PLAN_INHERIT_FD,
    PLAN_INHERIT_FILE,
    PLAN_RESTORE_MOUNT
};

struct plan_directive {
    enum plan_verb verb;
    const char *line; // as written
    char *arguments[4];
};

struct plan {
    size_t count;
    struct plan_directive *directives;
    char *lines, *text; // what the directives point into
};

enum plan_state { PLAN_READ, PLAN_ABSENT, PLAN_REFUSED };

enum { PLAN_ERROR_SIZE = 256 };

// Parses a whole file. PLAN_REFUSED leaves a plan without directives and says why.
enum plan_state plan_parse(struct plan *plan, const char *file, size_t length,
                           char error[PLAN_ERROR_SIZE]);

// Reads the file from the run directory, if root alone can have written it.
enum plan_state plan_read(struct plan *plan, int run_dir, char error[PLAN_ERROR_SIZE]);

void plan_free(struct plan *plan);
