// SPDX-License-Identifier: Apache-2.0
// usage: read-plan RUN_DIRECTORY; prints its plan. Exit: 0 read, 1 absent, 2 refused.
#include "plan.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct plan plan;
    char error[PLAN_ERROR_SIZE];
    int directory = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;
    enum plan_state state = plan_read(&plan, directory, error);
    close(directory);
    if (state == PLAN_REFUSED)
        puts(error);
    for (size_t i = 0; i < plan.count; i++) {
        printf("%d", plan.directives[i].verb);
        for (int a = 0; a < 4 && plan.directives[i].arguments[a]; a++)
            printf(" <%s>", plan.directives[i].arguments[a]);
        putchar('\n');
    }
    plan_free(&plan);
    return (int)state;
}
