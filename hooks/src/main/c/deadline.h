// SPDX-License-Identifier: Apache-2.0
// How long a phase may take.
#pragma once

#include "run_dir.h"

struct deadline {
    const char *phase;
    const struct run_dir *run; // where the worker says how long it wishes; NULL: it is not asked
    long long started_ms;      // clock_ms()
    long long budget_ms;       // unless the worker wishes another
};

// What CRIU_BRIDGE_DEADLINE gives the phase, in the forms "30" and "post-dump=300,30" (seconds),
// or else the default. About what is wrong there the worker complains.
long long deadline_budget_ms(const char *phase);

// When it ends, in clock_ms(). To be asked again while waiting: the worker knows what the
// configuration wishes in the middle of its first phase only.
long long deadline_end_ms(const struct deadline *deadline);
