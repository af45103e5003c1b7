// SPDX-License-Identifier: Apache-2.0
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *said_in = "hook";

void say_in_phase(const char *phase) {
    said_in = phase;
}

void say_text(const char *text, size_t length) {
    char line[SAY_LIMIT + 128];
    size_t used = (size_t)snprintf(line, 100, "criu-bridge%s%.60s: ", said_in ? " " : "",
                                   said_in ? said_in : "");
    if (length > SAY_LIMIT)
        length = SAY_LIMIT;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        line[used++] = (c < 0x20 && c != '\t') || c == 0x7f ? '?' : (char)c;
    }
    line[used++] = '\n';
    // One write, so that lines of several writers to CRIU's log do not mix. A log that cannot be
    // written leaves nowhere to say so.
    while (write(STDERR_FILENO, line, used) < 0 && errno == EINTR)
        continue;
}

void say(const char *format, ...) {
    char text[SAY_LIMIT + 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    say_text(text, strlen(text));
}
