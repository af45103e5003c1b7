// SPDX-License-Identifier: Apache-2.0
#include "clock.h"

#include <time.h>

long long clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int clock_left_ms(long long end_ms) {
    long long left = end_ms - clock_ms();
    return left < 0 ? 0 : (int)left;
}
