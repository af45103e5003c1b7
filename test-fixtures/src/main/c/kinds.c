// SPDX-License-Identifier: Apache-2.0
// What the menagerie lacks: a program with the kinds of file that the kernel makes (epoll, eventfd,
// signalfd, timerfd, inotify, pidfd), timers, waiting signals, locks, a terminal, and sockets with
// data that nobody has read. Static, and to be run in namespaces of its own with the loopback up.
//
// usage: kinds DIR [internet]   DIR: where it makes its files; "ready" in it says that all is there
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HOURS = 3600 };

static void must(int done, const char *what) {
    if (done)
        return;
    fprintf(stderr, "kinds: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void make_kernel_files(void) {
    int event = eventfd(42, EFD_NONBLOCK);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLET, .data.u64 = 0x123456789abcdef0};
    must(event >= 0 && poll >= 0 && epoll_ctl(poll, EPOLL_CTL_ADD, event, &wanted) == 0, "epoll");
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    must(signalfd(-1, &signals, 0) >= 0, "signalfd");
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec later = {.it_value = {HOURS, 0}, .it_interval = {60, 500}};
    must(timer >= 0 && timerfd_settime(timer, 0, &later, NULL) == 0, "timerfd");
    must(mkdir("watched", 0700) == 0, "watched");
    int watch = inotify_init1(0);
    must(watch >= 0 && inotify_add_watch(watch, "watched", IN_CREATE | IN_DELETE) >= 0, "inotify");
    must(syscall(SYS_pidfd_open, getpid(), 0) >= 0, "pidfd");
}

static void set_timers(void) {
    struct itimerval real = {.it_value = {HOURS, 7}};
    must(setitimer(ITIMER_REAL, &real, NULL) == 0, "itimer");
    struct sigevent notice = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
    timer_t timer;
    struct itimerspec later = {.it_value = {2 * HOURS, 0}};
    must(timer_create(CLOCK_REALTIME, &notice, &timer) == 0 &&
             timer_settime(timer, 0, &later, NULL) == 0,
         "posix timer");
}

// Three that wait: of the process with a value, of the process, of the thread.
static void leave_signals(void) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigaddset(&blocked, SIGUSR2);
    sigaddset(&blocked, SIGRTMIN + 2);
    must(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0, "sigprocmask");
    must(sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 77}) == 0 &&
             kill(getpid(), SIGUSR1) == 0 && syscall(SYS_tgkill, getpid(), gettid(), SIGUSR2) == 0,
         "signals");
}

static void take_locks(void) {
    int whole = open("flock", O_RDWR | O_CREAT, 0600);
    must(whole >= 0 && flock(whole, LOCK_EX) == 0, "flock");
    int part = open("posix", O_RDWR | O_CREAT, 0600);
    struct flock range = {.l_type = F_WRLCK, .l_start = 10, .l_len = 20};
    must(part >= 0 && fcntl(part, F_SETLK, &range) == 0, "posix lock");
}

static void open_terminal(void) {
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    must(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0, "ptmx");
    struct winsize size = {.ws_row = 25, .ws_col = 132};
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    must(slave >= 0 && ioctl(master, TIOCSWINSZ, &size) == 0, "pts");
}

static void fill_tcp(void) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof here;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    must(server >= 0 && bind(server, (void *)&here, length) == 0 && listen(server, 3) == 0 &&
             getsockname(server, (void *)&here, &length) == 0,
         "listen");
    int client = socket(AF_INET, SOCK_STREAM, 0);
    must(client >= 0 && connect(client, (void *)&here, length) == 0, "connect");
    int accepted = accept(server, NULL, NULL);
    must(accepted >= 0 && write(client, "not read yet", 12) == 12 &&
             write(accepted, "answer", 6) == 6,
         "tcp");
    int six = socket(AF_INET6, SOCK_DGRAM, 0);
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    must(six >= 0 && bind(six, (void *)&any, sizeof any) == 0, "udp");
}

static void fill_unix(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0abs=tract\xff"};
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + 11;
    must(server >= 0 && bind(server, (void *)&name, length) == 0 && listen(server, 3) == 0,
         "abstract");
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    must(client >= 0 && connect(client, (void *)&name, length) == 0, "connect");
    int accepted = accept(server, NULL, NULL);
    must(accepted >= 0 && write(client, "in the stream", 13) == 13, "unix stream");
}

int main(int argc, char **argv) {
    must(argc >= 2 && chdir(argv[1]) == 0, "usage: kinds DIR [internet]");
    make_kernel_files();
    set_timers();
    leave_signals();
    take_locks();
    open_terminal();
    if (argc > 2)
        fill_tcp();
    fill_unix();
    must(close(open("ready", O_WRONLY | O_CREAT, 0600)) == 0, "ready");
    for (;;)
        pause();
}
