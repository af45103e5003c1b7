// SPDX-License-Identifier: Apache-2.0
#include "images.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { MANIFEST_LIMIT = 64 << 20 };

static const char our_key[] = "criuBridge:";

// How much of our key the line holds when c follows what it held before; -1: it begins otherwise.
static int match(int matched, char c) {
    if (c == '\n')
        return 0;
    return matched >= 0 && our_key[matched] == c ? matched + 1 : -1;
}

// Piece by piece: our key comes behind the tables of mounts and files, which may be large.
static bool has_line_with_our_key(int manifest) {
    char bytes[64 << 10];
    int matched = 0;
    ssize_t n;
    for (size_t total = 0; total<MANIFEST_LIMIT; total += n> 0 ? (size_t)n : 0) {
        n = read(manifest, bytes, sizeof(bytes));
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        for (ssize_t i = 0; i < n; i++) {
            matched = match(matched, bytes[i]);
            if (matched == (int)strlen(our_key))
                return true;
        }
    }
    return false;
}

bool images_are_ours(int directory) {
    if (faccessat(directory, "bridge-status.json", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    int manifest = openat(directory, "manifest.yaml",
                          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (manifest < 0)
        return false;
    bool ours = has_line_with_our_key(manifest);
    close(manifest);
    return ours;
}
