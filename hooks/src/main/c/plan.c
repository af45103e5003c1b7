// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT = 1 << 20, LINE_LIMIT = 8 << 10, DIRECTIVE_LIMIT = 16384 };

static const struct {
    const char *name;
    int arguments;
} verbs[] = {
    [PLAN_EXTERNAL] = {"external", 1},           [PLAN_SKIP_MOUNT] = {"skip-mount", 1},
    [PLAN_INHERIT_FD] = {"inherit-fd", 2},       [PLAN_INHERIT_FILE] = {"inherit-file", 4},
    [PLAN_RESTORE_MOUNT] = {"restore-mount", 2},
};

static int octal_byte(const char *digits) {
    int byte = 0;
    for (int i = 0; i < 3; i++) {
        if (digits[i] < '0' || digits[i] > '7')
            return -1;
        byte = byte * 8 + digits[i] - '0';
    }
    return byte >= 1 && byte <= 0xff ? byte : -1;
}

static bool decode(char *argument) {
    char *to = argument;
    for (const char *from = argument; *from; from++) {
        int byte = (unsigned char)*from;
        if (byte <= 0x20 || byte == 0x7f)
            return false;
        if (byte == '\\') {
            byte = octal_byte(from + 1);
            if (byte < 0)
                return false;
            from += 3;
        }
        *to++ = (char)byte;
    }
    *to = '\0';
    return true;
}

static bool is_number(const char *text, size_t digits) {
    return *text && strlen(text) <= digits && text[strspn(text, "0123456789")] == '\0';
}

static const char *check_numbers(const struct plan_directive *directive) {
    char *const *arguments = directive->arguments;
    if (directive->verb == PLAN_RESTORE_MOUNT && !is_number(arguments[0], 9))
        return "no mount id";
    if (directive->verb == PLAN_INHERIT_FILE && !is_number(arguments[2], 9))
        return "no flags";
    if (directive->verb == PLAN_INHERIT_FILE && !is_number(arguments[3], 18) &&
        strcmp(arguments[3], "end") != 0)
        return "no offset";
    return NULL;
}

// Splits and decodes the text in place. NULL, or what is wrong with it.
static const char *parse_directive(struct plan_directive *directive, char *text) {
    size_t verb = 0, count = sizeof(verbs) / sizeof(*verbs);
    char *rest = text;
    const char *name = strsep(&rest, " ");
    while (verb < count && strcmp(name, verbs[verb].name) != 0)
        verb++;
    if (verb == count)
        return "unknown directive";
    directive->verb = (enum plan_verb)verb;
    for (int i = 0; i < verbs[verb].arguments; i++) {
        directive->arguments[i] = strsep(&rest, " ");
        if (!directive->arguments[i] || !*directive->arguments[i])
            return "too few arguments";
        if (!decode(directive->arguments[i]))
            return "bad byte or \\ooo in an argument";
    }
    if (rest)
        return "too many arguments";
    return check_numbers(directive);
}

static enum plan_state refuse(struct plan *plan, char *error, size_t line, const char *why) {
    if (line)
        snprintf(error, PLAN_ERROR_SIZE, "line %zu: %s", line, why);
    else
        snprintf(error, PLAN_ERROR_SIZE, "%s", why);
    plan_free(plan);
    return PLAN_REFUSED;
}

// Parses the lines, each ended by its newline; *number is that of the line it stopped at.
static const char *parse_lines(struct plan *plan, size_t length, size_t *number) {
    size_t at = 0;
    for (*number = 1; at < length; ++*number) {
        char *line = plan->lines + at, *text = plan->text + at;
        char *newline = memchr(line, '\n', length - at);
        size_t size = newline ? (size_t)(newline - line) : length - at;
        if (!newline || size > LINE_LIMIT)
            return newline ? "too long" : "torn off, no newline";
        if (memchr(line, '\0', size))
            return "NUL byte";
        line[size] = text[size] = '\0';
        at += size + 1;
        if (*number == 1 && strcmp(line, "criu-bridge-plan 1") == 0)
            continue;
        if (*number == 1)
            return "not \"criu-bridge-plan 1\"; use launcher, plugin and worker of one version";
        if (strcmp(line, "end") == 0)
            return at == length ? NULL : "something follows \"end\"";
        if (plan->count == DIRECTIVE_LIMIT)
            return "too many directives";
        struct plan_directive *directive = &plan->directives[plan->count++];
        directive->line = line;
        const char *wrong = parse_directive(directive, text);
        if (wrong)
            return wrong;
    }
    return "torn off, \"end\" is missing";
}

enum plan_state plan_parse(struct plan *plan, const char *file, size_t length,
                           char error[PLAN_ERROR_SIZE]) {
    *plan = (struct plan){0};
    if (length > FILE_LIMIT)
        return refuse(plan, error, 0, "larger than 1 MiB");
    plan->directives = calloc(DIRECTIVE_LIMIT, sizeof(*plan->directives));
    plan->lines = malloc(length + 1);
    plan->text = malloc(length + 1);
    if (!plan->directives || !plan->lines || !plan->text)
        return refuse(plan, error, 0, "no memory");
    memcpy(plan->lines, file, length);
    memcpy(plan->text, file, length);
    size_t number;
    const char *wrong = parse_lines(plan, length, &number);
    return wrong ? refuse(plan, error, number, wrong) : PLAN_READ;
}

enum plan_state plan_read(struct plan *plan, int run_dir, char error[PLAN_ERROR_SIZE]) {
    *plan = (struct plan){0};
    int fd = openat(run_dir, "plan", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return PLAN_ABSENT;
    if (fd < 0)
        return refuse(plan, error, 0, errno == ELOOP ? "is a symbolic link" : strerror(errno));
    enum plan_state state = PLAN_REFUSED;
    size_t length;
    char *file = NULL;
    if (!file_is_roots(fd, S_IFREG, 022))
        refuse(plan, error, 0, "must be a regular file of root, writable by nobody else");
    else if (!(file = file_read(fd, FILE_LIMIT, &length)))
        refuse(plan, error, 0, errno == EFBIG ? "larger than 1 MiB" : strerror(errno));
    else
        state = plan_parse(plan, file, length, error);
    close(fd);
    free(file);
    return state;
}

void plan_free(struct plan *plan) {
    free(plan->directives);
    free(plan->lines);
    free(plan->text);
    *plan = (struct plan){0};
}
