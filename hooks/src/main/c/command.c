// SPDX-License-Identifier: Apache-2.0
// criu-bridge, the command line: starts its JVM. In C, as a shell would take as long to start as
// Java needs for thousands of entries of an image.
#include "file.h"
#include "jvm_conf.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_CONFIGURATION = 78, EXIT_NO_PROGRAM = 127, MOST_ADDED = 8 };

static bool has_argument(char **arguments, const char *wanted) {
    while (*arguments && strcmp(*arguments, wanted) != 0)
        arguments++;
    return *arguments;
}

// Is it images decode or encode?
static bool transcodes(char **arguments) {
    return arguments[0] && arguments[1] && strcmp(arguments[0], "images") == 0 &&
           (strcmp(arguments[1], "decode") == 0 || strcmp(arguments[1], "encode") == 0);
}

// Which start cache has the classes of a command.
static const char *kind_of(char **arguments) {
    bool others = has_argument(arguments, "--json") || has_argument(arguments, "--help") ||
                  has_argument(arguments, "-h");
    return transcodes(arguments) && !others ? "transcoding" : "cli";
}

// Where there are no huge pages, the JVM would say so on the standard output.
static bool has_huge_pages(void) {
    size_t length;
    char *modes =
        file_read_at(AT_FDCWD, "/sys/kernel/mm/transparent_hugepage/enabled", 256, &length);
    return modes && (strstr(modes, "[always]") || strstr(modes, "[madvise]"));
}

int main(int argc, char **argv) {
    char **given = argv + (argc > 0);
    say_in_phase(NULL);
    struct jvm_conf conf;
    if (!jvm_conf_read(&conf, kind_of(given), MOST_ADDED + (size_t)argc))
        return EXIT_CONFIGURATION;
    char **next = conf.arguments + conf.count - 1; // in place of the worker's main class
    if (transcodes(given)) {
        // Over before the better compiler has paid for itself, even on images of a million entries.
        // What the other one needs: calls of somewhat longer methods inlined, and a heap of few,
        // large pages, used again and again.
        *next++ = "-XX:TieredStopAtLevel=1";
        *next++ = "-XX:C1MaxInlineSize=60";
        *next++ = "-Xmn2m";
        if (has_huge_pages())
            *next++ = "-XX:+UseTransparentHugePages";
    }
    if (isatty(STDOUT_FILENO))
        *next++ = "-Dcriubridge.stdout.terminal=true";
    if (isatty(STDERR_FILENO))
        *next++ = "-Dcriubridge.stderr.terminal=true";
    *next++ = "io.criubridge.hooks.cli.Main";
    while (*given)
        *next++ = *given++;
    execvp(conf.arguments[0], conf.arguments);
    say("cannot run %s: %s; install a Java runtime or set CRIU_BRIDGE_JAVA", conf.arguments[0],
        strerror(errno));
    return EXIT_NO_PROGRAM;
}
