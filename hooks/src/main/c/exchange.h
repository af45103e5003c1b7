// SPDX-License-Identifier: Apache-2.0
// What launcher and JVM say to each other.
//
// Request: the variables that begin with CRTOOLS_ or CRIU_BRIDGE_, each NAME=VALUE and a NUL, then
// the end of the stream. Answer: lines for CRIU's log, the last one "exit <0..125>".
#pragma once

#include "deadline.h"

#include <stdbool.h>

enum exchange { ANSWERED, BROKEN_OFF, OVERDUE };

// Sends the request over a connected socket; false with errno.
bool exchange_send(int socket);

// Prints the lines that arrive until the stream ends. Answer lines come from answer; log (or -1)
// is a second stream of plain lines. BROKEN_OFF: the end came without an exit line.
enum exchange exchange_receive(int answer, int log, const struct deadline *deadline,
                               int *exit_code);
