// SPDX-License-Identifier: Apache-2.0
#include "criu_api.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void criu_log_line(enum criu_log_level level, const char *line) {
    if (print_on_level)
        print_on_level(level, "%s\n", line);
    else if (level <= LOG_WARNING)
        dprintf(STDERR_FILENO, "%s\n", line);
}

void criu_log(enum criu_log_level level, const char *format, ...) {
    char line[6144] = "criu-bridge plugin: "; // CRIU cuts at 8 KiB, without a newline
    size_t prefix = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + prefix, sizeof(line) - prefix, format, arguments);
    va_end(arguments);
    criu_log_line(level, line);
}

void criu_warn_of_missing(void) {
    const struct {
        const char *symbol;
        bool is_there;
        const char *cost;
    } symbols[] = {
        {"add_external", add_external, "only mounts CRIU asks plugins about can be external"},
        {"external_lookup_by_key", external_lookup_by_key, "the plan overrides --external"},
        {"add_skip_mount", add_skip_mount, "no mount can be skipped by the plan"},
        {"inherit_fd_add", inherit_fd_add, "give --inherit-fd for what the plan says below"},
        {"add_script", add_script, "give --action-script criu-bridge-hook too"},
    };
    for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++)
        if (!symbols[i].is_there)
            criu_log(LOG_WARNING, "this CRIU does not export %s: %s", symbols[i].symbol,
                     symbols[i].cost);
}
