// SPDX-License-Identifier: Apache-2.0
#include "deadline.h"

#include "file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_BUDGET_MS = 120 * 1000,
    MAX_BUDGET_MS = 24 * 3600 * 1000,
    DEADLINES_LIMIT = 64 << 10,
};

static long long seconds_as_ms(const char *text) {
    char *rest;
    long long seconds = strtoll(text, &rest, 10);
    bool usable = *rest == '\0' && seconds > 0 && seconds <= MAX_BUDGET_MS / 1000;
    return usable ? seconds * 1000 : -1;
}

long long deadline_budget_ms(const char *phase) {
    const char *given = getenv("CRIU_BRIDGE_DEADLINE");
    char *items = strdup(given ? given : "");
    long long of_all = -1, of_phase = -1;
    for (char *item = items ? strtok(items, ",") : NULL; item; item = strtok(NULL, ",")) {
        char *value = item;
        const char *name = strsep(&value, "=");
        if (!value)
            of_all = seconds_as_ms(item);
        else if (strcmp(name, phase) == 0)
            of_phase = seconds_as_ms(value);
    }
    free(items);
    if (of_phase > 0)
        return of_phase;
    return of_all > 0 ? of_all : DEFAULT_BUDGET_MS;
}

// The worker's own wish for this phase, -1 when there is none.
static long long wish_of_worker(const struct deadline *deadline) {
    size_t length;
    char *wishes = file_read_at(deadline->run->fd, "deadlines", DEADLINES_LIMIT, &length);
    long long found = -1;
    for (char *line = wishes ? strtok(wishes, "\n") : NULL; line; line = strtok(NULL, "\n")) {
        char name[64];
        long long ms;
        if (sscanf(line, "%63s %lld", name, &ms) == 2 && strcmp(name, deadline->phase) == 0)
            found = ms <= MAX_BUDGET_MS ? ms : -1;
    }
    free(wishes);
    return found;
}

long long deadline_end_ms(const struct deadline *deadline) {
    long long wish = deadline->run ? wish_of_worker(deadline) : -1;
    return deadline->started_ms + (wish > 0 ? wish : deadline->budget_ms);
}
