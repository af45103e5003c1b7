// SPDX-License-Identifier: Apache-2.0
// What the plugin uses of CRIU. None but the descriptor and criu_get_image_dir() is a promised
// ABI: any other may be missing, and is then NULL.
// Source: criu/include/criu-plugin.h, external.h, files.h, mount.h, action-scripts.h, log.h
#pragma once

#include <stdbool.h>

enum criu_stage { CRIU_STAGE_DUMP = 0, CRIU_STAGE_PRE_DUMP = 1, CRIU_STAGE_RESTORE = 2 };

enum criu_hook { CRIU_HOOK_DUMP_EXT_MOUNT = 4, CRIU_HOOK_RESTORE_EXT_MOUNT = 5, CRIU_HOOKS_USED };

// CRIU refuses a plugin with more hooks than it knows, and how many it knows depends on its
// version: no more are declared than are used.
struct criu_plugin_descriptor {
    const char *name;
    int (*init)(int stage);
    void (*exit)(int stage, int result);
    unsigned version;
    unsigned max_hooks;
    void *hooks[CRIU_HOOKS_USED];
};

enum { CRIU_PLUGIN_VERSION = 0x200 };

// The first error becomes the error of the whole run in what CRIU answers over RPC.
enum criu_log_level { LOG_ERROR = 1, LOG_WARNING = 2, LOG_INFO = 3, LOG_DEBUG = 4 };

// Weak: NULL in a CRIU that does not export it.
#define IF_EXPORTED __attribute__((weak, visibility("default")))

#ifdef HIDE_ADD_EXTERNAL // how the fallback is tested with a CRIU that has it
#define add_external add_external_hidden
#endif
extern IF_EXPORTED int add_external(char *key);
extern IF_EXPORTED char *external_lookup_by_key(char *key); // error pointer: not declared
extern IF_EXPORTED bool add_skip_mount(const char *path);
extern IF_EXPORTED int inherit_fd_add(int fd, char *name);
extern IF_EXPORTED int add_script(char *path);
extern IF_EXPORTED int fi_strategy; // CRIU_FAULT, once it is read
extern IF_EXPORTED int criu_get_image_dir(void);
extern IF_EXPORTED void print_on_level(unsigned level, const char *format, ...);

// Says which symbol is missing and what that costs.
void criu_warn_of_missing(void);

// Writes one line to CRIU's log, as it is.
void criu_log_line(enum criu_log_level level, const char *line);

// Writes a line of our own to CRIU's log.
__attribute__((format(printf, 2, 3))) void criu_log(enum criu_log_level level, const char *format,
                                                    ...);
