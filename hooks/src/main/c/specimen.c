// SPDX-License-Identifier: Apache-2.0
// specimen /DIR: a container small enough to be dumped and restored anywhere, for
// lib/java/prepare: one process in mount and PID namespaces of its own, on an overlay of
// DIR/lower, DIR/upper and DIR/work at DIR/root, with DIR/volume bind mounted. Prints the host PID
// of that process and leaves.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void die(const char *what) {
    fprintf(stderr, "specimen: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd) != 0)
        die(path);
}

static void enter_root(const char *dir) {
    char layers[3 * PATH_MAX + 64];
    snprintf(layers, sizeof(layers), "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work", dir,
             dir, dir);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        die("mount --make-rprivate /");
    if (mount("overlay", "root", "overlay", 0, layers) != 0)
        die("mount an overlay");
    if (mount("volume", "root/volume", NULL, MS_BIND, NULL) != 0)
        die("mount --bind volume");
    if (chdir("root") != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH))
        die("pivot_root");
    if (chdir("/") != 0 || mount("proc", "/proc", "proc", 0, NULL) != 0)
        die("mount /proc");
}

// Of all files its own program must be the container's too.
static void copy_program(const char *path) {
    int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    if (in < 0 || out < 0)
        die(path);
    ssize_t count;
    while ((count = sendfile(out, in, NULL, 1 << 20)) > 0)
        ;
    if (count < 0 || close(in) != 0 || close(out) != 0)
        die(path);
}

static int live(void) {
    write_file("/changed", "by the container\n");
    if (unlink("/deleted") != 0)
        die("/deleted");
    if (setsid() < 0 || write(1, "", 1) != 1 || close_range(0, ~0U, 0) != 0)
        return 1;
    for (;;)
        pause();
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "live") == 0)
        return live();
    if (count != 2 || arguments[1][0] != '/' || chdir(arguments[1]) != 0) {
        fprintf(stderr, "usage: specimen /DIR\n");
        return 64;
    }
    umask(022);
    static const char *const directories[] = {"lower", "lower/proc", "lower/volume", "upper",
                                              "work",  "root",       "volume"};
    for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
        if (mkdir(directories[i], 0755) != 0 && errno != EEXIST)
            die(directories[i]);
    write_file("lower/changed", "by the image\n");
    write_file("lower/deleted", "by the image\n");
    copy_program("lower/specimen");
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0 || unshare(CLONE_NEWNS | CLONE_NEWPID) != 0)
        die("unshare");
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        enter_root(arguments[1]);
        if (dup2(report[1], 1) == 1)
            execl("/specimen", "specimen", "live", NULL);
        die("/specimen");
    }
    close(report[1]);
    char ready;
    if (read(report[0], &ready, 1) != 1)
        return 1;
    printf("%d\n", pid);
    return 0;
}
