// SPDX-License-Identifier: Apache-2.0
// breakpoints: tells whether CRIU can use hardware breakpoints here, for criu-bridge doctor, and
// for scripts that run a criu without our plugin. Exits 1 if not.
#include "breakpoint.h"

#include <stdio.h>

int main(void) {
    bool works = breakpoint_works();
    puts(works ? "hit" : "passed over");
    return works ? 0 : 1;
}
