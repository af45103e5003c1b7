// SPDX-License-Identifier: Apache-2.0
#include "run_dir.h"

#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOR_ROOT_ALONE = 077, WRITABLE_BY_OTHERS = 022 };

static const char *base_path(void) {
    const char *given = getenv("CRIU_BRIDGE_RUN_DIR");
    return given && *given ? given : "/run/criu-bridge";
}

static enum run_dir_state refuse(struct run_dir *run, const char *path, const char *why) {
    snprintf(run->error, sizeof(run->error), "%.*s: %s", PATH_MAX, path, why);
    return RUN_DIR_REFUSED;
}

// Opens a directory that must belong to root and grant nobody else the forbidden mode bits.
static enum run_dir_state open_owned(struct run_dir *run, const char *path, mode_t forbidden,
                                     int *fd) {
    *fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    // Closed to a CRIU that is not root's: then it is not that CRIU's either.
    if (*fd < 0 && (errno == ENOENT || (errno == EACCES && geteuid() != 0)))
        return RUN_DIR_ABSENT;
    if (*fd < 0)
        return refuse(run, path,
                      errno == ENOTDIR ? "is no directory (and a symbolic link is none); remove it"
                                       : strerror(errno));
    if (file_is_roots(*fd, S_IFDIR, forbidden))
        return RUN_DIR_OPEN;
    close(*fd);
    return refuse(run, path,
                  "must belong to root and be closed to others (chown root, chmod 0700), or be "
                  "removed");
}

static enum run_dir_state open_base(struct run_dir *run, const struct criu *criu) {
    const char *base = base_path();
    if (base[0] != '/')
        return refuse(run, base, "CRIU_BRIDGE_RUN_DIR must be an absolute path");
    int length =
        snprintf(run->path, sizeof(run->path), "%s/%d-%llu", base, criu->pid, criu->start_time);
    if (length >= (int)sizeof(run->path))
        return refuse(run, base, "CRIU_BRIDGE_RUN_DIR is too long");
    int fd;
    enum run_dir_state state = open_owned(run, base, WRITABLE_BY_OTHERS, &fd);
    if (state == RUN_DIR_OPEN)
        close(fd); // checked: nobody but root can change what its names mean
    return state;
}

enum run_dir_state run_dir_open(struct run_dir *run, const struct criu *criu) {
    enum run_dir_state state = open_base(run, criu);
    return state == RUN_DIR_OPEN ? open_owned(run, run->path, FOR_ROOT_ALONE, &run->fd) : state;
}

static bool make_directory(const char *path) {
    mode_t old = umask(0);
    bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
    umask(old);
    return made;
}

enum run_dir_state run_dir_create(struct run_dir *run, const struct criu *criu) {
    if (!make_directory(base_path()))
        return refuse(run, base_path(), strerror(errno));
    enum run_dir_state state = open_base(run, criu);
    if (state != RUN_DIR_OPEN)
        return state == RUN_DIR_ABSENT ? refuse(run, base_path(), "vanished; try again") : state;
    if (!make_directory(run->path))
        return refuse(run, run->path, strerror(errno));
    state = open_owned(run, run->path, FOR_ROOT_ALONE, &run->fd);
    return state == RUN_DIR_ABSENT ? refuse(run, run->path, "vanished; try again") : state;
}

int run_dir_lock(const struct run_dir *run) {
    int fd = openat(run->fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0)
        if (errno != EINTR) {
            close(fd);
            return -1;
        }
    return fd;
}

bool run_dir_remove(const struct run_dir *run) {
    int fd = openat(run->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    if (!entries)
        return false;
    for (struct dirent *entry; (entry = readdir(entries));)
        unlinkat(run->fd, entry->d_name, 0); // what stays makes rmdir fail
    closedir(entries);
    return rmdir(run->path) == 0;
}
