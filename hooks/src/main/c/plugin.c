// SPDX-License-Identifier: Apache-2.0
// criu_bridge.so, a CRIU plugin: tells CRIU what the worker's plan says, as if it had been given
// on CRIU's command line. On restore it has the plan made first.
#include "breakpoint.h"
#include "criu_api.h"
#include "file.h"
#include "images.h"
#include "launcher.h"
#include "plan.h"
#include "run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static struct plan plan; // stays: CRIU keeps pointers into it, and the mount hooks read it

enum application { APPLIED, KEPT, FALLBACK, FAILED };

static const char *const records[] = {"applied", "kept", "fallback"};

static bool refuse(const char *what, const char *why) {
    criu_log(LOG_ERROR, "refused: %s%s", what, why);
    return false;
}

// Did the caller declare this key, all up to and including the bracket? Says so where the caller
// wants something else than the plan.
static bool is_declared(const char *external) {
    const char *end = strstr(external, "]:");
    size_t length = end ? (size_t)(end + 1 - external) : strlen(external);
    char *key = strndup(external, length);
    const char *value = key && external_lookup_by_key ? external_lookup_by_key(key) : NULL;
    bool declared = key && external_lookup_by_key && (unsigned long)value < -4095UL;
    const char *ours = end ? end + 2 : "", *theirs = declared && value ? value : "";
    if (declared && strcmp(ours, theirs) != 0)
        criu_log(LOG_WARNING, "kept the caller's %s:%s, not the plan's %s", key, theirs, ours);
    free(key);
    return declared;
}

static enum application declare_external(char *key) {
    if (is_declared(key))
        return KEPT;
    if (!add_external)
        return FALLBACK;
    return add_external(key) == 0 ? APPLIED : FAILED;
}

static enum application inherit_fd(char *name, const char *path) {
    if (!inherit_fd_add)
        return FALLBACK;
    // CRIU enters it, so its mode is of no account; it moves it to its own store and closes it. Of
    // two entries with one name CRIU takes the first: the caller's.
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        criu_log(LOG_ERROR, "cannot open %s to restore %s: %s", path, name, strerror(errno));
    return fd >= 0 && inherit_fd_add(fd, name) == 0 ? APPLIED : FAILED;
}

// CRIU hands out the descriptor as it is, so mode and offset must be those of the dumped file.
static enum application inherit_file(char *const arguments[4]) {
    if (!inherit_fd_add)
        return FALLBACK;
    char *name = arguments[0];
    const char *path = arguments[1];
    int flags = atoi(arguments[2]), fd = file_open(path, flags | O_CLOEXEC);
    const char *wrong =
        fd < 0 ? strerror(errno) : file_set_mode_and_offset(fd, flags, arguments[3]);
    if (!wrong)
        return inherit_fd_add(fd, name) == 0 ? APPLIED : FAILED;
    criu_log(LOG_ERROR, "cannot open %s to restore %s: %s", path, name, wrong);
    if (fd >= 0)
        close(fd);
    return FAILED;
}

static enum application apply(const struct plan_directive *directive) {
    switch (directive->verb) {
    case PLAN_EXTERNAL:
        return declare_external(directive->arguments[0]);
    case PLAN_SKIP_MOUNT:
        if (!add_skip_mount)
            return FALLBACK;
        return add_skip_mount(directive->arguments[0]) ? APPLIED : FAILED;
    case PLAN_INHERIT_FD:
        return inherit_fd(directive->arguments[0], directive->arguments[1]);
    case PLAN_INHERIT_FILE:
        return inherit_file(directive->arguments);
    case PLAN_RESTORE_MOUNT:
        return APPLIED; // by restore_ext_mount(), when CRIU asks
    }
    return FAILED;
}

// Applies every directive and records what became of it, for the worker to see that we ran.
static bool apply_all(int run_dir) {
    size_t counts[FAILED + 1] = {0};
    int fd = openat(run_dir, "plan.applied", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                    0600);
    if (fd < 0) {
        criu_log(LOG_ERROR, "cannot write plan.applied in the run directory: %s", strerror(errno));
        return false;
    }
    for (size_t i = 0; i < plan.count && counts[FAILED] == 0; i++) {
        const char *line = plan.directives[i].line;
        enum application result = apply(&plan.directives[i]);
        counts[result]++;
        if (result == FAILED)
            criu_log(LOG_ERROR, "CRIU does not take from the plan: %s", line);
        else if (dprintf(fd, "%s %s\n", records[result], line) < 0)
            counts[FAILED] += !refuse("plan.applied: ", strerror(errno));
        else
            criu_log(result == FALLBACK ? LOG_WARNING : LOG_INFO, "%s: %s", records[result], line);
    }
    close(fd);
    criu_log(LOG_WARNING, "%zu lines of the plan applied, %zu kept as the caller gave them",
             counts[APPLIED], counts[KEPT]);
    return counts[FAILED] == 0;
}

// Reads this run's plan, if there is one, and applies it. False stops CRIU.
static bool read_and_apply(const struct criu *criu, enum plan_state *state) {
    struct run_dir run;
    char error[PLAN_ERROR_SIZE];
    *state = PLAN_ABSENT;
    switch (run_dir_open(&run, criu)) {
    case RUN_DIR_ABSENT:
        return true;
    case RUN_DIR_REFUSED:
        return refuse("", run.error);
    case RUN_DIR_OPEN:
        break;
    }
    bool good = true;
    *state = plan_read(&plan, run.fd, error);
    if (*state == PLAN_REFUSED)
        good = refuse("the plan of this run: ", error);
    else if (*state == PLAN_READ) {
        criu_warn_of_missing();
        good = apply_all(run.fd);
    }
    close(run.fd);
    return good;
}

static bool prepare_dump(const struct criu *criu) {
    enum plan_state state;
    if (!read_and_apply(criu, &state))
        return false;
    if (state == PLAN_ABSENT)
        criu_log(criu_has_option(criu, "libdir", 'L') ? LOG_WARNING : LOG_DEBUG,
                 "no plan was made for this dump; give --action-script .../criu-bridge-hook too");
    return true;
}

// A user who gave the plugin alone gets the later phases too. One who gave both runs them twice,
// which the worker ignores.
static bool register_launcher(const struct criu *criu, char *path) {
    if (!add_script || criu_was_told(criu, "criu-bridge-hook"))
        return true;
    return add_script(path) == 0 || refuse("add_script: ", path);
}

static bool prepare_restore(const struct criu *criu) {
    char path[PATH_MAX];
    enum plan_state state;
    int images = criu_get_image_dir ? criu_get_image_dir() : -1;
    if (images < 0)
        return refuse("", "this CRIU does not tell its image directory; remove the plugin");
    switch (launcher_find(path)) {
    case LAUNCHER_REFUSED:
        return false;
    case LAUNCHER_ABSENT:
        return !images_are_ours(images) ||
               refuse("criu-bridge made these images, but criu-bridge-hook is not found; ",
                      "set CRIU_BRIDGE_HOOK to its path");
    case LAUNCHER_FOUND:
        break;
    }
    return launcher_plan_restore(path, images) && read_and_apply(criu, &state) &&
           (state == PLAN_ABSENT || register_launcher(criu, path));
}

// The fallbacks. CRIU asks for a bind mount for which it finds no origin; on dump by a path
// "./etc/hosts", and 0 makes the mount ours to restore.
static int dump_ext_mount(char *mountpoint, int id) {
    (void)id;
    size_t length = strlen(mountpoint);
    for (size_t i = 0; i < plan.count && length > 1; i++) {
        const char *key = plan.directives[i].arguments[0];
        if (plan.directives[i].verb == PLAN_EXTERNAL && strncmp(key, "mnt[", 4) == 0 &&
            strncmp(key + 4, mountpoint + 1, length - 1) == 0 &&
            strncmp(key + 4 + length - 1, "]", 1) == 0)
            return add_external ? -ENOTSUP : 0;
    }
    return -ENOTSUP;
}

static int bind(const char *source, const char *mountpoint) {
    if (mount(source, mountpoint, NULL, MS_BIND | MS_REC, NULL) == 0 &&
        mount(NULL, mountpoint, NULL, MS_PRIVATE | MS_REC, NULL) == 0)
        return 0;
    criu_log(LOG_ERROR, "mount %s on %s: %s", source, mountpoint, strerror(errno));
    return -1;
}

// On restore only mounts that dump_ext_mount() took are asked for.
static int restore_ext_mount(int id, char *mountpoint, char *old_root, int *is_file) {
    (void)old_root, (void)is_file;
    for (size_t i = 0; i < plan.count; i++) {
        char *const *arguments = plan.directives[i].arguments;
        if (plan.directives[i].verb == PLAN_RESTORE_MOUNT && atoi(arguments[0]) == id)
            return bind(arguments[1], mountpoint);
    }
    return -ENOTSUP;
}

// Also in runs that are not ours: the tasks of those would stand still for ever as well.
static void spare_breakpoints(void) {
    if (getenv(CRIU_FAULT) || breakpoint_works())
        return;
    if (&fi_strategy)
        fi_strategy = CRIU_FAULT_NO_BREAKPOINTS;
    criu_log(LOG_WARNING, "breakpoints are passed over on this machine: %s",
             &fi_strategy ? "told CRIU to do without"
                          : "set " CRIU_FAULT "=" CRIU_FAULT_NO_BREAKPOINTS_TEXT " for criu, which "
                            "else waits for one for ever");
}

static int init(int stage) {
    struct criu criu;
    spare_breakpoints();
    if (stage == CRIU_STAGE_PRE_DUMP)
        return 0;
    if (!criu_identify(getpid(), &criu)) {
        criu_log(LOG_ERROR, "/proc/self/stat: %s; is /proc mounted?", strerror(errno));
        return -1;
    }
    return (stage == CRIU_STAGE_DUMP ? prepare_dump(&criu) : prepare_restore(&criu)) ? 0 : -1;
}

static void finish(int stage, int result) {
    (void)stage, (void)result;
}

__attribute__((visibility("default"))) struct criu_plugin_descriptor CR_PLUGIN_DESC = {
    .name = "criu_bridge",
    .init = init,
    .exit = finish,
    .version = CRIU_PLUGIN_VERSION,
    .max_hooks = CRIU_HOOKS_USED,
    .hooks = {[CRIU_HOOK_DUMP_EXT_MOUNT] = (void *)dump_ext_mount,
              [CRIU_HOOK_RESTORE_EXT_MOUNT] = (void *)restore_ext_mount},
};
