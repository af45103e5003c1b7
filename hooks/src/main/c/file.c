// SPDX-License-Identifier: Apache-2.0
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *file_read(int fd, size_t limit, size_t *length) {
    size_t used = 0, room = 0;
    char *text = NULL;
    for (;;) {
        if (used + 1 >= room) {
            room = room ? room * 2 : 4096;
            char *bigger = realloc(text, room);
            if (!bigger)
                break;
            text = bigger;
        }
        ssize_t n = read(fd, text + used, room - used - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        if (n == 0) {
            text[used] = '\0';
            *length = used;
            return text;
        }
        used += (size_t)n;
        if (used > limit) {
            errno = EFBIG;
            break;
        }
    }
    int error = errno;
    free(text);
    errno = error;
    return NULL;
}

char *file_read_at(int dirfd, const char *path, size_t limit, size_t *length) {
    int fd = openat(dirfd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char *text = file_read(fd, limit, length);
    int error = errno;
    close(fd);
    errno = error;
    return text;
}

// fstat(2) has been another symbol since glibc 2.33.
static bool look_at(int fd, struct statx *found) {
    unsigned wanted = STATX_TYPE | STATX_MODE | STATX_UID;
    return statx(fd, "", AT_EMPTY_PATH, wanted, found) == 0;
}

mode_t file_type(int fd) {
    struct statx found;
    return look_at(fd, &found) ? found.stx_mode & S_IFMT : 0;
}

bool file_is_roots(int fd, mode_t type, mode_t forbidden) {
    struct statx found;
    return look_at(fd, &found) && found.stx_uid == 0 && (found.stx_mode & S_IFMT) == type &&
           (found.stx_mode & forbidden) == 0;
}

// The kernel's name of an open file is the path by which it was opened if no link was on that.
static bool is_at(const char *name, const char *path) {
    char real[PATH_MAX];
    ssize_t length = readlink(name, real, sizeof(real));
    return length >= 0 && (size_t)length == strlen(path) && memcmp(real, path, (size_t)length) == 0;
}

int file_open(const char *path, int flags) {
    const int how = O_NONBLOCK | O_NOCTTY | (flags & ~O_NOFOLLOW);
    errno = EINVAL;
    if (flags & ~(O_ACCMODE | O_APPEND | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC))
        return -1;
    if (!(flags & O_NOFOLLOW))
        return open(path, how);
    int place = open(path, O_PATH | O_CLOEXEC); // does nothing to a device
    if (place < 0)
        return -1;
    char name[32];
    snprintf(name, sizeof(name), "/proc/self/fd/%d", place);
    int fd = -1;
    errno = ELOOP;
    if (is_at(name, path)) {
        errno = EINVAL;
        if (file_type(place) == S_IFREG)
            fd = open(name, how);
    }
    // The lowest number that was free, as open() gives it.
    int error = errno, result = fd < 0 ? -1 : dup3(fd, place, flags & O_CLOEXEC);
    if (result < 0)
        close(place);
    if (fd >= 0)
        close(fd);
    errno = error;
    return result;
}

const char *file_set_mode_and_offset(int fd, int flags, const char *offset) {
    mode_t type = file_type(fd);
    if (type != 0 && type != S_IFREG && type != S_IFCHR)
        return "is neither a regular file nor a character device";
    bool at_end = strcmp(offset, "end") == 0;
    if (type == 0 || fcntl(fd, F_SETFL, flags) < 0 ||
        lseek(fd, at_end ? 0 : atoll(offset), at_end ? SEEK_END : SEEK_SET) < 0)
        return strerror(errno);
    return NULL;
}
