// SPDX-License-Identifier: Apache-2.0
#include "criu.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROC_FILE_LIMIT = 4 << 20 };

static char *read_proc(pid_t pid, const char *name, size_t *length) {
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    return file_read_at(AT_FDCWD, path, PROC_FILE_LIMIT, length);
}

bool criu_identify(pid_t pid, struct criu *criu) {
    size_t length;
    char *stat = read_proc(pid, "stat", &length);
    if (!stat)
        return false;
    // The program's name, field 2, may itself hold spaces and parentheses.
    char *field = strrchr(stat, ')');
    for (int number = 2; field && number < 22; number++)
        if ((field = strchr(field, ' ')))
            field++;
    criu->pid = pid;
    criu->start_time = field ? strtoull(field, NULL, 10) : 0;
    free(stat);
    if (!field)
        errno = EPROTO;
    return field != NULL;
}

bool criu_was_told(const struct criu *criu, const char *text) {
    size_t length;
    char *arguments = read_proc(criu->pid, "cmdline", &length);
    bool found = arguments && memmem(arguments, length, text, strlen(text));
    free(arguments);
    return found;
}

static bool is_option(const char *argument, const char *name, char letter) {
    if (argument[0] == '-' && argument[1] == letter)
        return true;
    if (strncmp(argument, "--", 2) != 0 || strncmp(argument + 2, name, strlen(name)) != 0)
        return false;
    char after = argument[2 + strlen(name)];
    return after == '\0' || after == '=';
}

bool criu_has_option(const struct criu *criu, const char *name, char letter) {
    size_t length;
    char *arguments = read_proc(criu->pid, "cmdline", &length);
    bool found = false;
    for (size_t at = 0; arguments && at < length && !found; at += strlen(arguments + at) + 1)
        found = is_option(arguments + at, name, letter);
    free(arguments);
    return found;
}
