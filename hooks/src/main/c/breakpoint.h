// SPDX-License-Identifier: Apache-2.0
// Hardware breakpoints, by which CRIU notices that its code in a task has come to its end.
#pragma once

#include <stdbool.h>

// The environment of a criu that is to do without. Source: criu/include/fault-injection.h
#define CRIU_FAULT "CRIU_FAULT"
#define CRIU_FAULT_NO_BREAKPOINTS 130
#define CRIU_FAULT_NO_BREAKPOINTS_TEXT "130"

// False where the kernel takes a breakpoint and the processor passes over it, as in virtual
// machines whose host does not carry over the debug registers: CRIU would wait for ever, with the
// tasks stopped.
bool breakpoint_works(void);
