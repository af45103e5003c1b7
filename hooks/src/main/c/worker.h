// SPDX-License-Identifier: Apache-2.0
// The JVM that serves a CRIU run: the warm worker behind its socket, or a cold one for a phase.
#pragma once

#include "exchange.h"
#include "run_dir.h"

// A connection to the worker; -1 with errno, ENOENT or ECONNREFUSED when none listens.
int worker_connect(const struct run_dir *run, long long end_ms);

// Starts a worker and connects to it; -1 when it did not come up, which has been explained.
int worker_start(const struct run_dir *run, const struct criu *criu, long long end_ms);

// Kills the worker at the other end of the connection.
void worker_kill(int connection);

// Runs one phase, that of the environment, in a JVM of its own and waits for it. One that is
// OVERDUE has been killed with its process group; BROKEN_OFF has been explained.
enum exchange worker_run_cold(const struct run_dir *run, const struct criu *criu,
                              const struct deadline *deadline, int *exit_code);
