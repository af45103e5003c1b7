// SPDX-License-Identifier: Apache-2.0
// Runs criu-bridge-hook from within CRIU.
#pragma once

#include <limits.h>
#include <stdbool.h>

enum launcher_state { LAUNCHER_FOUND, LAUNCHER_ABSENT, LAUNCHER_REFUSED };

// Where it is installed: CRIU_BRIDGE_HOOK, beside this plugin, or in the system's directories.
// REFUSED when CRIU_BRIDGE_HOOK names something that cannot be run; has been logged.
enum launcher_state launcher_find(char path[PATH_MAX]);

// Has it plan the restore of the images in this directory, with its lines in CRIU's log.
// False, logged, when it fails or refuses.
bool launcher_plan_restore(const char *path, int image_dir);
