// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// Reads the whole of a small file (a /proc file too, whose size is not known beforehand) and adds
// a NUL. The caller frees it. NULL with errno when it cannot be read, EFBIG beyond limit bytes.
char *file_read(int fd, size_t limit, size_t *length);

// The same for a path relative to dirfd; a symbolic link as the last component is refused (ELOOP).
char *file_read_at(int dirfd, const char *path, size_t limit, size_t *length);

// Its type (S_IFREG and the like); 0 with errno.
mode_t file_type(int fd);

// Is it of that type (S_IFDIR, S_IFREG), and root's, and without any of the forbidden mode bits?
bool file_is_roots(int fd, mode_t type, mode_t forbidden);

// Opens a file for restored processes: waits for no FIFO, takes no terminal. With O_NOFOLLOW the
// path is one that a dump recorded: what is there has to be a regular file, with no symbolic link
// on the way, and is not opened otherwise. -1 with errno, EINVAL also for flags that would change
// the file, ELOOP for a link.
int file_open(const char *path, int flags);

// Makes an open file, regular or a character device, what a dumped one was: flags are open(2)'s,
// the offset is a number or "end". NULL, or why that cannot be.
const char *file_set_mode_and_offset(int fd, int flags, const char *offset);
