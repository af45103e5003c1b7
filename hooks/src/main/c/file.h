// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

// Reads the whole of a small file (a /proc file too, whose size is not known beforehand) and adds
// a NUL. The caller frees it. NULL with errno when it cannot be read, EFBIG beyond limit bytes.
char *file_read(int fd, size_t limit, size_t *length);

// The same for a path relative to dirfd; a symbolic link as the last component is refused (ELOOP).
char *file_read_at(int dirfd, const char *path, size_t limit, size_t *length);
