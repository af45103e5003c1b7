// SPDX-License-Identifier: Apache-2.0
#include "participation.h"

#include "file.h"
#include "images.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONFIG_LIMIT = 1 << 20 };

static const char *config_path(void) {
    const char *given = getenv("CRIU_BRIDGE_CONFIG");
    return given && *given ? given : "/etc/criu-bridge/config.yaml";
}

// Finds "participation: word" at the beginning of a line and cuts the text behind the word.
static char *configured_word(char *config) {
    static const char key[] = "participation:";
    for (char *line = config; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        if (strncmp(line, key, strlen(key)) != 0)
            continue;
        char *word = line + strlen(key);
        word += strspn(word, " \t\"'");
        word[strcspn(word, " \t\"'#\r\n")] = '\0';
        return word;
    }
    return NULL;
}

static bool word_from_config(char *word, size_t room) {
    size_t length;
    int fd = open(config_path(), O_RDONLY | O_CLOEXEC);
    char *config = fd < 0 ? NULL : file_read(fd, CONFIG_LIMIT, &length);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (!config && error != ENOENT) {
        say("cannot read %s: %s; make it readable or remove it", config_path(), strerror(error));
        return false;
    }
    char *found = config ? configured_word(config) : NULL;
    snprintf(word, room, "%s", found ? found : "auto");
    free(config);
    return true;
}

static bool in_another_mount_namespace(const struct criu *criu) {
    const char *root_task = getenv("CRTOOLS_INIT_PID");
    char path[64];
    struct stat theirs, ours;
    snprintf(path, sizeof(path), "/proc/%.10s/ns/mnt", root_task ? root_task : "");
    if (stat(path, &theirs) != 0)
        return false;
    snprintf(path, sizeof(path), "/proc/%d/ns/mnt", criu->pid);
    return stat(path, &ours) == 0 && (theirs.st_ino != ours.st_ino || theirs.st_dev != ours.st_dev);
}

static bool restores_our_images(void) {
    const char *directory = getenv("CRTOOLS_IMAGE_DIR");
    int fd = open(directory ? directory : "", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ours = images_are_ours(fd);
    close(fd);
    return ours;
}

enum participation participation_decide(const char *phase, const struct criu *criu) {
    char word[32];
    const char *given = getenv("CRIU_BRIDGE_PARTICIPATION");
    if (given && *given)
        snprintf(word, sizeof(word), "%s", given);
    else if (!word_from_config(word, sizeof(word)))
        return PARTICIPATION_UNCLEAR;

    if (strcmp(word, "never") == 0)
        return STAY_OUT;
    if (strcmp(word, "always") == 0)
        return PARTICIPATE;
    if (strcmp(word, "auto") == 0 && criu_was_told(criu, "criu-bridge-hook"))
        return PARTICIPATE;
    if (strcmp(word, "auto") == 0 || strcmp(word, "containers") == 0) {
        bool dumping = strcmp(phase, "pre-dump") == 0;
        bool ours = dumping ? in_another_mount_namespace(criu) : restores_our_images();
        return ours ? PARTICIPATE : STAY_OUT;
    }
    say("participation is \"%s\"; set it to auto, always, containers or never "
        "(CRIU_BRIDGE_PARTICIPATION or %s)",
        word, config_path());
    return PARTICIPATION_UNCLEAR;
}
