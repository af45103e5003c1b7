// SPDX-License-Identifier: Apache-2.0
// What the launchers tell people: lines of CRIU's log, "criu-bridge <phase>: <text>", or of the
// command line, "criu-bridge: <text>".
#pragma once

#include <stddef.h>

enum { SAY_LIMIT = 4096 }; // bytes of a line; the rest of a longer one is cut off

// Names the phase in every line from here on; NULL for none.
void say_in_phase(const char *phase);

// Prints a line of our own.
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

// Prints foreign text as one line; control characters but tab become '?'.
void say_text(const char *text, size_t length);
