// SPDX-License-Identifier: Apache-2.0
#include "jvm_conf.h"

#include "file.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONF_LIMIT = 64 << 10, MAX_ARGUMENTS = 256 };

// The directory above the one this program is in.
static char *find_dist(void) {
    char dist[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", dist, sizeof(dist));
    if (length <= 0 || (size_t)length == sizeof(dist))
        return NULL;
    dist[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(dist, '/');
        if (!slash)
            return NULL;
        *slash = '\0';
    }
    return strdup(dist);
}

static char *with_dist(const char *line, const char *dist) {
    static const char mark[] = "@dist@";
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (const char *at; out && (at = strstr(line, mark)); line = at + strlen(mark))
        fprintf(out, "%.*s%s", (int)(at - line), line, dist);
    if (!out || fputs(line, out) == EOF || fclose(out) != 0)
        return NULL;
    return text;
}

// What follows a mark in a line that begins with it; else NULL.
static const char *after_mark(const char *line, const char *mark) {
    size_t length = strlen(mark);
    bool has = strncmp(line, mark, length) == 0 && strncmp(line + length, ": ", 2) == 0;
    return has ? line + length + 2 : NULL;
}

// The argument that a line holds for this kind; NULL for none. Lines with a mark were made for the
// JVM that the file names, and for no other.
static const char *argument_of(const char *line, const char *kind, bool prepared) {
    static const char *const marks[] = {"own", "dump", "restore", "cli", "transcoding"};
    if (line[0] == '#' || line[strspn(line, " \t\r")] == '\0')
        return NULL;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        const char *marked = after_mark(line, marks[i]);
        if (marked)
            return prepared && (i == 0 || strcmp(marks[i], kind) == 0) ? marked : NULL;
    }
    return line;
}

static bool take(struct jvm_conf *conf, char *text, const char *dist, const char *kind,
                 size_t more) {
    char *java = getenv("CRIU_BRIDGE_JAVA");
    if (java && !*java)
        java = NULL;
    conf->count = 0;
    conf->arguments = calloc(MAX_ARGUMENTS + more + 1, sizeof(char *));
    if (!conf->arguments)
        return false;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        const char *argument = argument_of(line, kind, !java);
        if (!argument)
            continue;
        if (conf->count == MAX_ARGUMENTS ||
            !(conf->arguments[conf->count++] = with_dist(argument, dist)))
            return false;
    }
    if (java)
        conf->arguments[0] = java;
    return conf->count >= 2;
}

bool jvm_conf_read(struct jvm_conf *conf, const char *kind, size_t more) {
    char *dist = find_dist(), *path = NULL;
    if (!dist || asprintf(&path, "%s/lib/java/jvm.conf", dist) < 0) {
        say("cannot find where criu-bridge is installed; is /proc mounted?");
        return false;
    }
    size_t length;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = fd < 0 ? NULL : file_read(fd, CONF_LIMIT, &length);
    if (!text) {
        say("cannot read %s: %s; install criu-bridge again", path, strerror(errno));
        return false;
    }
    close(fd);
    if (!take(conf, text, dist, kind, more)) {
        say("%s holds no usable command; install criu-bridge again", path);
        return false;
    }
    free(text);
    free(path);
    free(dist);
    return true;
}
