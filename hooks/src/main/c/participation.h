// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "criu.h"

enum participation { PARTICIPATE, STAY_OUT, PARTICIPATION_UNCLEAR };

// Decides whether this CRIU run is ours, before anything is created for it: the hook may be
// installed for every CRIU on a node. PARTICIPATION_UNCLEAR has been explained to the user.
enum participation participation_decide(const char *phase, const struct criu *criu);
