// SPDX-License-Identifier: Apache-2.0
#include "breakpoint.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__

__attribute__((noinline)) static void place(void) {
    __asm__ volatile("");
}

static bool set_debug_register(pid_t pid, size_t number, unsigned long value) {
    size_t offset = offsetof(struct user, u_debugreg) + number * sizeof(value);
    return ptrace(PTRACE_POKEUSER, pid, offset, value) == 0;
}

static bool await_stop(pid_t pid, int signal) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFSTOPPED(status) && WSTOPSIG(status) == signal;
}

// Where none can be set CRIU says so and does not wait.
static bool is_passed_over(pid_t pid) {
    return await_stop(pid, SIGSTOP) && set_debug_register(pid, 0, (unsigned long)place) &&
           set_debug_register(pid, 7, 1) && ptrace(PTRACE_CONT, pid, 0, 0) == 0 &&
           !await_stop(pid, SIGTRAP);
}

bool breakpoint_works(void) {
    pid_t pid = fork();
    if (pid == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 && raise(SIGSTOP) == 0)
            place();
        _exit(0);
    }
    bool works = pid < 0 || !is_passed_over(pid);
    if (pid > 0 && kill(pid, SIGKILL) == 0)
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    return works;
}

#else // nothing is known of such machines with others

bool breakpoint_works(void) {
    return true;
}

#endif
