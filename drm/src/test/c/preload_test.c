/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program sees through the preloaded library. Each test is named by the first argument; a program that finds
 * something else than it should says where and ends with 1.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/ioctl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition)                                                                                   \
    do {                                                                                                   \
        if (!(condition)) {                                                                                \
            fprintf(stderr, "line %d: not %s (errno: %s)\n", __LINE__, #condition, strerror(errno));       \
            _exit(1);                                                                                      \
        }                                                                                                  \
    } while (0)

/* HW: drm.h: the structures and numbers of some ioctls that every driver has. */
struct version {
    int major, minor, patch;
    size_t name_length;
    char *name;
    size_t date_length;
    char *date;
    size_t description_length;
    char *description;
};
struct capability {
    uint64_t capability, value;
};
struct handle_fd {
    uint32_t handle, flags;
    int32_t fd;
    uint32_t pad;
    uint64_t point;
};
struct syncobj {
    uint32_t handle, flags;
};
struct syncobj_wait {
    uint64_t handles;
    int64_t timeout_ns;
    uint32_t count, flags, first_signaled, pad;
    uint64_t deadline_ns;
};
#define VERSION _IOWR('d', 0x00, struct version)
#define GET_CAP _IOWR('d', 0x0c, struct capability)
#define SYNCOBJ_CREATE _IOWR('d', 0xbf, struct syncobj)
#define SYNCOBJ_DESTROY _IOWR('d', 0xc0, struct syncobj)
#define SYNCOBJ_HANDLE_TO_FD _IOWR('d', 0xc1, struct handle_fd)
#define SYNCOBJ_FD_TO_HANDLE _IOWR('d', 0xc2, struct handle_fd)
#define SYNCOBJ_WAIT _IOWR('d', 0xc3, struct syncobj_wait)
#define CAP_PRIME 5
#define CREATE_SIGNALED 1

#define CARD "/dev/dri/card0"
#define RENDER "/dev/dri/renderD128"
#define DRM_MAJOR 226

static int opened(const char *node, int flags) {
    int fd = open(node, O_RDWR | flags);
    CHECK(fd >= 0);
    return fd;
}

/* That a file answers. */
static void check_works(int fd) {
    char name[16] = {0};
    struct version version = {.name_length = sizeof(name) - 1, .name = name};
    CHECK(ioctl(fd, VERSION, &version) == 0);
    CHECK(version.name_length == strlen(name));
    CHECK(version.name_length > 0);
    struct capability prime = {.capability = CAP_PRIME};
    CHECK(ioctl(fd, GET_CAP, &prime) == 0);
    CHECK(prime.value != 0);
}

static void check_node(const struct stat *found, unsigned number) {
    CHECK(S_ISCHR(found->st_mode));
    CHECK(major(found->st_rdev) == DRM_MAJOR);
    CHECK(minor(found->st_rdev) == number);
}

static void check_device_folder(void) {
    char text[PATH_MAX];
    ssize_t length = readlink("/sys/dev/char/226:128", text, sizeof(text) - 1);
    CHECK(length > 0);
    text[length] = '\0';
    CHECK(strncmp(text, "../../devices/", strlen("../../devices/")) == 0);
    CHECK(realpath("/sys/dev/char/226:128/device", text) == text);
    CHECK(strncmp(text, "/sys/devices/pci", strlen("/sys/devices/pci")) == 0);
    char *address = strrchr(text, '/') + 1;
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vendor", address);
    FILE *vendor = fopen(path, "r");
    CHECK(vendor != NULL);
    CHECK(fgets(path, sizeof(path), vendor) != NULL);
    CHECK(strcmp(path, "0x10de\n") == 0);
    fclose(vendor);
    strcat(text, "/drm");
    struct dirent **names;
    CHECK(scandir(text, &names, NULL, alphasort) == 4);
    CHECK(strcmp(names[2]->d_name, "card0") == 0);
    CHECK(strcmp(names[3]->d_name, "renderD128") == 0);
}

static int files(void) {
    static const struct {
        const char *path;
        unsigned number;
    } nodes[] = {{CARD, 0}, {RENDER, 128}};
    for (int i = 0; i < 2; i++) {
        struct stat found;
        struct statx more;
        CHECK(access(nodes[i].path, R_OK | W_OK) == 0);
        CHECK(stat(nodes[i].path, &found) == 0);
        check_node(&found, nodes[i].number);
        CHECK(lstat(nodes[i].path, &found) == 0);
        check_node(&found, nodes[i].number);
        int fd = opened(nodes[i].path, O_CLOEXEC | O_NONBLOCK);
        struct stat of_file;
        CHECK(fstat(fd, &of_file) == 0);
        check_node(&of_file, nodes[i].number);
        CHECK(of_file.st_ino == found.st_ino);
        CHECK(statx(fd, "", AT_EMPTY_PATH, STATX_ALL, &more) == 0);
        CHECK(S_ISCHR(more.stx_mode));
        CHECK(more.stx_rdev_major == DRM_MAJOR && more.stx_rdev_minor == nodes[i].number);
        CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
        CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
        close(fd);
    }
    CHECK(open("/dev/dri/card7", O_RDWR) == -1 && errno == ENOENT);
    int folder = open("/dev/dri", O_RDONLY | O_DIRECTORY);
    CHECK(folder >= 0);
    int fd = openat(folder, "renderD128", O_RDWR);
    CHECK(fd >= 0);
    CHECK(fcntl(fd, F_GETFD) == 0);
    check_works(fd);
    DIR *names = opendir("/dev/dri");
    CHECK(names != NULL);
    int count = 0;
    for (struct dirent *name; (name = readdir(names)) != NULL;) {
        count += strcmp(name->d_name, "card0") == 0 || strcmp(name->d_name, "renderD128") == 0;
    }
    CHECK(count == 2);
    check_device_folder();
    struct stat other;
    CHECK(stat("/dev/null", &other) == 0 && major(other.st_rdev) == 1);
    CHECK(access("/dev/full", F_OK) == 0);
    return 0;
}

static int arguments(void) {
    int fd = opened(CARD, O_CLOEXEC);
    check_works(fd);
    CHECK(ioctl(fd, GET_CAP, (void *)16) == -1 && errno == EFAULT);
    check_works(fd);
    struct version version = {.name_length = 16, .name = (char *)16};
    CHECK(ioctl(fd, VERSION, &version) == -1 && errno == EFAULT);
    check_works(fd);
    static const struct capability constant = {.capability = CAP_PRIME};
    CHECK(ioctl(fd, GET_CAP, &constant) == -1 && errno == EFAULT);
    check_works(fd);
    struct syncobj_wait wait = {.handles = 16, .count = 4};
    CHECK(ioctl(fd, SYNCOBJ_WAIT, &wait) == -1 && errno == EFAULT);
    check_works(fd);
    CHECK(ioctl(fd, _IO('d', 0xff)) == -1 && errno == EINVAL);
    CHECK(ioctl(fd, FIONREAD, &(int){0}) == 0);
    check_works(fd);
    return 0;
}

static int descriptors(void) {
    int fd = opened(RENDER, O_CLOEXEC);
    struct syncobj object = {.flags = CREATE_SIGNALED};
    CHECK(ioctl(fd, SYNCOBJ_CREATE, &object) == 0);
    struct handle_fd shared = {.handle = object.handle, .fd = -1};
    CHECK(ioctl(fd, SYNCOBJ_HANDLE_TO_FD, &shared) == 0);
    CHECK(fcntl(shared.fd, F_GETFD) == FD_CLOEXEC);
    int other = opened(RENDER, O_CLOEXEC);
    struct handle_fd taken = {.fd = shared.fd};
    CHECK(ioctl(other, SYNCOBJ_FD_TO_HANDLE, &taken) == 0);
    uint32_t handle = taken.handle;
    struct syncobj_wait wait = {.handles = (uintptr_t)&handle, .count = 1};
    CHECK(ioctl(other, SYNCOBJ_WAIT, &wait) == 0);
    struct handle_fd none = {.fd = 1000};
    CHECK(ioctl(other, SYNCOBJ_FD_TO_HANDLE, &none) == -1);
    check_works(other);
    return 0;
}

static int count_fds(void) {
    DIR *names = opendir("/proc/self/fd");
    CHECK(names != NULL);
    int count = 0;
    while (readdir(names) != NULL) {
        count++;
    }
    closedir(names);
    return count;
}

/* As in a container whose filter lets no process reach into another's memory, or its own. */
static int filtered(void) {
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_writev, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof(rules) / sizeof(rules[0]), rules};
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
    char byte = 0;
    struct iovec self = {&byte, 1};
    CHECK(syscall(SYS_process_vm_writev, getpid(), &self, 1, &self, 1, 0) == -1 && errno == EPERM);
    CHECK(arguments() == 0);
    int before = count_fds();
    int fd = opened(RENDER, O_CLOEXEC);
    check_works(fd);
    CHECK(count_fds() == before + 1);
    return descriptors();
}

static void check_child(pid_t child) {
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int forks(const char *self) {
    int fd = opened(RENDER, 0);
    check_works(fd);
    for (int i = 0; i < 8; i++) {
        pid_t child = fork();
        if (child == 0) {
            check_works(fd);
            _exit(0);
        }
        check_works(fd);
        check_child(child);
    }
    pid_t child = fork();
    if (child == 0) {
        char number[16];
        snprintf(number, sizeof(number), "%d", fd);
        execl(self, self, "inherited", number, NULL);
        _exit(2);
    }
    check_child(child);
    check_works(fd);
    return 0;
}

static int inherited(const char *number) {
    int fd = atoi(number);
    check_works(fd);
    struct stat found;
    CHECK(fstat(fd, &found) == 0);
    check_node(&found, 128);
    return 0;
}

static void send_fd(int socket, int fd) {
    char control[CMSG_SPACE(sizeof(int))] = {0};
    char byte = 'x';
    struct iovec part = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof(int));
    CHECK(sendmsg(socket, &message, 0) == 1);
}

static int receive_fd(int socket) {
    char control[CMSG_SPACE(sizeof(int))];
    char byte;
    struct iovec part = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
    CHECK(recvmsg(socket, &message, 0) == 1);
    int fd;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
    return fd;
}

/* A file goes to another process and outlives the one that opened it. */
static int passed(void) {
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    pid_t child = fork();
    if (child == 0) {
        int fd = opened(CARD, O_CLOEXEC);
        send_fd(pair[1], dup(fd));
        _exit(0);
    }
    int fd = receive_fd(pair[0]);
    check_child(child);
    check_works(fd);
    struct pollfd events = {.fd = fd, .events = POLLIN};
    CHECK(poll(&events, 1, 0) == 0);
    return 0;
}

static void *work(void *fd) {
    for (int i = 0; i < 200; i++) {
        check_works(*(int *)fd);
    }
    return NULL;
}

static int threads(void) {
    int fd = opened(RENDER, O_CLOEXEC);
    check_works(fd);
    int before = count_fds();
    pthread_t workers[8];
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_create(&workers[i], NULL, work, &fd) == 0);
    }
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_join(workers[i], NULL) == 0);
    }
    CHECK(count_fds() == before);
    return 0;
}

/* A program closes what it did not open, and has another file there. */
static int closed(void) {
    int fd = opened(RENDER, O_CLOEXEC);
    check_works(fd);
    int null = open("/dev/null", O_RDWR);
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    for (int i = pair[1] + 1; i < 1024; i++) {
        close(i);
    }
    check_works(fd);
    for (int i = pair[1] + 1; i < 600; i++) {
        CHECK(dup2(pair[0], i) == i);
    }
    check_works(fd);
    char byte;
    CHECK(recv(pair[1], &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    close(null);
    return 0;
}

static int signalled_file;
static volatile sig_atomic_t signals;

static void on_signal(int number) {
    (void)number;
    int saved = errno;
    check_works(signalled_file);
    signals++;
    errno = saved;
}

static int interrupted(void) {
    signalled_file = opened(RENDER, O_CLOEXEC);
    struct sigaction action = {.sa_handler = on_signal};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval often = {{0, 2000}, {0, 2000}};
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    while (signals < 50) {
        check_works(signalled_file);
    }
    return 0;
}

/* The server goes while the file is open: its end is told, and every call fails at once. */
static int abandoned(void) {
    int fd = opened(CARD, O_CLOEXEC);
    check_works(fd);
    puts("ready");
    fflush(stdout);
    struct pollfd events = {.fd = fd, .events = POLLIN};
    CHECK(poll(&events, 1, 60000) == 1);
    CHECK((events.revents & POLLHUP) != 0);
    struct capability prime = {.capability = CAP_PRIME};
    CHECK(ioctl(fd, GET_CAP, &prime) == -1 && errno == ENODEV);
    CHECK(ioctl(fd, GET_CAP, &prime) == -1 && errno == ENODEV);
    CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENODEV);
    CHECK(open(CARD, O_RDWR) == -1 && errno == ENODEV);
    return 0;
}

/* Opens a file, says so, and waits to be killed. */
static int waiting(void) {
    int fd = opened(RENDER, 0);
    check_works(fd);
    puts("ready");
    fflush(stdout);
    pause();
    return 0;
}

int main(int argc, char **argv) {
    const char *test = argc > 1 ? argv[1] : "";
    return strcmp(test, "files") == 0 ? files()
        : strcmp(test, "arguments") == 0 ? arguments()
        : strcmp(test, "descriptors") == 0 ? descriptors()
        : strcmp(test, "filtered") == 0 ? filtered()
        : strcmp(test, "forks") == 0 ? forks(argv[0])
        : strcmp(test, "inherited") == 0 && argc > 2 ? inherited(argv[2])
        : strcmp(test, "passed") == 0 ? passed()
        : strcmp(test, "threads") == 0 ? threads()
        : strcmp(test, "closed") == 0 ? closed()
        : strcmp(test, "interrupted") == 0 ? interrupted()
        : strcmp(test, "abandoned") == 0 ? abandoned()
        : strcmp(test, "waiting") == 0 ? waiting()
                                       : 2;
}
