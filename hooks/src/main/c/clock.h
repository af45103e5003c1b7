// SPDX-License-Identifier: Apache-2.0
#pragma once

// Milliseconds on a clock that is never set.
long long clock_ms(void);

// Milliseconds left until then, for poll(2): never negative.
int clock_left_ms(long long end_ms);
