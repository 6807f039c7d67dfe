/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program sees of descriptors of graphics memory and of fences. Each test is named by the first argument; a program
 * that finds something else than it should says where and ends with 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/ioctl.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                                                             \
    do {                                                                                             \
        if (!(condition)) {                                                                          \
            fprintf(stderr, "line %d: not %s (errno: %s)\n", __LINE__, #condition, strerror(errno)); \
            _exit(1);                                                                                \
        }                                                                                            \
    } while (0)

#define CHECK_FAILS(call, why) CHECK((call) == -1 && errno == (why))

/* HW: drm.h, drm_mode.h: the structures and numbers of some ioctls that every driver has. */
struct dumb {
    uint32_t height, width, bpp, flags, handle, pitch;
    uint64_t size;
};
struct prime {
    uint32_t handle, flags;
    int32_t fd;
};
struct syncobj {
    uint32_t handle, flags;
};
struct handle_fd {
    uint32_t handle, flags;
    int32_t fd;
    uint32_t pad;
};
#define CREATE_DUMB _IOWR('d', 0xb2, struct dumb)
#define PRIME_HANDLE_TO_FD _IOWR('d', 0x2d, struct prime)
#define SYNCOBJ_CREATE _IOWR('d', 0xbf, struct syncobj)
#define SYNCOBJ_HANDLE_TO_FD _IOWR('d', 0xc1, struct handle_fd)
#define CREATE_SIGNALED 1
#define EXPORT_SYNC_FILE 1

/* HW: sync_file.h of newer kernels. */
struct deadline {
    uint64_t deadline_ns, pad;
};
#define SET_DEADLINE _IOW('>', 5, struct deadline)

static int card(void) {
    int fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

static int memory_fd(int card) {
    struct dumb dumb = {.height = 64, .width = 64, .bpp = 32};
    CHECK(ioctl(card, CREATE_DUMB, &dumb) == 0);
    struct prime prime = {.handle = dumb.handle, .flags = O_RDWR | O_CLOEXEC};
    CHECK(ioctl(card, PRIME_HANDLE_TO_FD, &prime) == 0);
    return prime.fd;
}

static int fence_fd(int card) {
    struct syncobj object = {.flags = CREATE_SIGNALED};
    CHECK(ioctl(card, SYNCOBJ_CREATE, &object) == 0);
    struct handle_fd file = {.handle = object.handle, .flags = EXPORT_SYNC_FILE};
    CHECK(ioctl(card, SYNCOBJ_HANDLE_TO_FD, &file) == 0);
    return file.fd;
}

static void check_ended(int fence) {
    struct pollfd events = {.fd = fence, .events = POLLIN};
    CHECK(poll(&events, 1, 0) == 1);
    CHECK(events.revents == POLLIN);
}

static int sync_memory(int fd, uint64_t flags) {
    struct dma_buf_sync sync = {flags};
    return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
}

static int memory(void) {
    int fd = memory_fd(card());
    CHECK(sync_memory(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ) == 0);
    CHECK(sync_memory(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ) == 0);
    CHECK(sync_memory(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW) == 0);
    CHECK(sync_memory(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW) == 0);
    CHECK_FAILS(sync_memory(fd, DMA_BUF_SYNC_START), EINVAL);
    CHECK_FAILS(sync_memory(fd, DMA_BUF_SYNC_READ | 8), EINVAL);
    CHECK_FAILS(sync_memory(fd, DMA_BUF_SYNC_READ | 1ull << 32), EINVAL);
    CHECK_FAILS(ioctl(fd, DMA_BUF_IOCTL_SYNC, (void *)16), EFAULT);
    struct dma_buf_export_sync_file exported = {.flags = DMA_BUF_SYNC_WRITE, .fd = -1};
    CHECK(ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &exported) == 0);
    CHECK(exported.flags == DMA_BUF_SYNC_WRITE);
    CHECK(fcntl(exported.fd, F_GETFD) == FD_CLOEXEC);
    check_ended(exported.fd);
    exported.flags = 0;
    CHECK_FAILS(ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &exported), EINVAL);
    exported.flags = DMA_BUF_SYNC_READ | DMA_BUF_SYNC_END;
    CHECK_FAILS(ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &exported), EINVAL);
    CHECK_FAILS(ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, (void *)16), EFAULT);
    struct dma_buf_import_sync_file imported = {DMA_BUF_SYNC_READ, exported.fd};
    CHECK(ioctl(fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &imported) == 0);
    imported.flags = 0;
    CHECK_FAILS(ioctl(fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &imported), EINVAL);
    imported = (struct dma_buf_import_sync_file){DMA_BUF_SYNC_RW, fd};
    CHECK_FAILS(ioctl(fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &imported), EINVAL);
    imported.fd = 1000;
    CHECK_FAILS(ioctl(fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &imported), EINVAL);
    CHECK_FAILS(ioctl(fd, _IO('b', 9)), ENOTTY);
    return 0;
}

static int fences(void) {
    int fd = fence_fd(card());
    check_ended(fd);
    struct sync_file_info info = {.sync_fence_info = 16};
    CHECK(ioctl(fd, SYNC_IOC_FILE_INFO, &info) == 0);
    CHECK(strncmp(info.name, "test-", 5) == 0);
    CHECK(info.status == 1 && info.num_fences == 1 && info.sync_fence_info == 16);
    struct sync_fence_info fences[2];
    memset(fences, 0xee, sizeof(fences));
    info.num_fences = 2;
    info.sync_fence_info = (uintptr_t)fences;
    CHECK(ioctl(fd, SYNC_IOC_FILE_INFO, &info) == 0);
    CHECK(info.status == 1 && info.num_fences == 1);
    CHECK(strcmp(fences[0].driver_name, "test") == 0);
    CHECK(memchr(fences[0].obj_name, 0, sizeof(fences[0].obj_name)) != NULL);
    CHECK(fences[0].status == 1 && fences[0].flags == 0);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    CHECK(fences[0].timestamp_ns > 0);
    CHECK(fences[0].timestamp_ns <= (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
    CHECK(fences[1].status == (int32_t)0xeeeeeeee);
    info.sync_fence_info = 16;
    CHECK_FAILS(ioctl(fd, SYNC_IOC_FILE_INFO, &info), EFAULT);
    CHECK_FAILS(ioctl(fd, SYNC_IOC_FILE_INFO, (void *)16), EFAULT);
    info.flags = 1;
    CHECK_FAILS(ioctl(fd, SYNC_IOC_FILE_INFO, &info), EINVAL);
    info.flags = 0;
    info.pad = 1;
    CHECK_FAILS(ioctl(fd, SYNC_IOC_FILE_INFO, &info), EINVAL);
    struct deadline deadline = {.deadline_ns = 1};
    CHECK(ioctl(fd, SET_DEADLINE, &deadline) == 0);
    deadline.pad = 1;
    CHECK_FAILS(ioctl(fd, SET_DEADLINE, &deadline), EINVAL);
    CHECK_FAILS(ioctl(fd, _IO('>', 3)), ENOTTY);
    return 0;
}

static int merging(void) {
    int device = card();
    int one = fence_fd(device);
    struct sync_merge_data merge = {.name = "both", .fd2 = fence_fd(device), .fence = -1};
    CHECK(ioctl(one, SYNC_IOC_MERGE, &merge) == 0);
    CHECK(strcmp(merge.name, "both") == 0);
    CHECK(fcntl(merge.fence, F_GETFD) == FD_CLOEXEC);
    check_ended(merge.fence);
    struct sync_file_info info = {.num_fences = 0};
    CHECK(ioctl(merge.fence, SYNC_IOC_FILE_INFO, &info) == 0);
    CHECK(strcmp(info.name, "both") == 0 && info.status == 1);
    memset(merge.name, 'x', sizeof(merge.name));
    CHECK(ioctl(one, SYNC_IOC_MERGE, &merge) == 0);
    info.num_fences = 0;
    CHECK(ioctl(merge.fence, SYNC_IOC_FILE_INFO, &info) == 0);
    CHECK(strlen(info.name) == sizeof(info.name) - 1);
    merge.fd2 = memory_fd(device);
    CHECK_FAILS(ioctl(one, SYNC_IOC_MERGE, &merge), ENOENT);
    merge.fd2 = 1000;
    CHECK_FAILS(ioctl(one, SYNC_IOC_MERGE, &merge), ENOENT);
    merge.fd2 = one;
    merge.flags = 1;
    CHECK_FAILS(ioctl(one, SYNC_IOC_MERGE, &merge), EINVAL);
    merge.flags = 0;
    merge.pad = 1;
    CHECK_FAILS(ioctl(one, SYNC_IOC_MERGE, &merge), EINVAL);
    pid_t child = fork();
    if (child == 0) {
        merge.pad = 0;
        CHECK(ioctl(one, SYNC_IOC_MERGE, &merge) == 0);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return 0;
}

/* Descriptors that are nobody's business but the kernel's. */
static int strangers(void) {
    int device = card();
    int ends[2];
    CHECK(pipe(ends) == 0);
    struct sync_file_info info = {.num_fences = 0};
    CHECK_FAILS(ioctl(ends[0], SYNC_IOC_FILE_INFO, &info), ENOTTY);
    CHECK_FAILS(ioctl(device, SYNC_IOC_FILE_INFO, &info), ENOTTY);
    int file = memfd_create("stranger", MFD_CLOEXEC);
    CHECK_FAILS(sync_memory(file, DMA_BUF_SYNC_RW), ENOTTY);
    CHECK_FAILS(sync_memory(fence_fd(device), DMA_BUF_SYNC_RW), ENOTTY);
    CHECK_FAILS(ioctl(memory_fd(device), SYNC_IOC_FILE_INFO, &info), ENOTTY);
    CHECK_FAILS(sync_memory(1000, DMA_BUF_SYNC_RW), EBADF);
    CHECK_FAILS(sync_memory(-1, DMA_BUF_SYNC_RW), EBADF);
    return 0;
}

int main(int argc, char **argv) {
    const char *test = argc > 1 ? argv[1] : "";
    return strcmp(test, "memory") == 0 ? memory()
        : strcmp(test, "fences") == 0  ? fences()
        : strcmp(test, "merging") == 0 ? merging()
        : strcmp(test, "strangers") == 0 ? strangers()
                                         : 2;
}
