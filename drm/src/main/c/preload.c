/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of the C library that this library stands before. Each does what the C library's does, but for the files
 * of the board.
 */
#include "calls.h"
#include "tree.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/ioctl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

/* HW: DRM_IOCTL_BASE of drm.h. */
#define DRM_IOCTL_TYPE 'd'

/* HW: DMA_BUF_BASE of dma-buf.h, SYNC_IOC_MAGIC of sync_file.h. */
#define DMA_BUF_IOCTL_TYPE 'b'
#define SYNC_FILE_IOCTL_TYPE '>'

/* The C library's own, for what is more than a system call. */
#define NEXT(name) ((__typeof__(&(name)))next(#name))

static void *next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

/* Folders, nodes and files. */

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    char own[PATH_MAX];
    if (tree_path_at(folder, path, own)) {
        struct stat found;
        if ((flags & O_PATH) == 0 && syscall(SYS_newfstatat, AT_FDCWD, own, &found, 0) == 0) {
            int minor = tree_minor(&found);
            if (minor >= 0) {
                return call_open(minor, flags);
            }
        }
        folder = AT_FDCWD;
        path = own;
    }
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* The mode, which is there only if a file may be made. */
#define MODE_OF(flags, mode)                                              \
    mode_t mode = 0;                                                      \
    if (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE) { \
        va_list arguments;                                                \
        va_start(arguments, flags);                                       \
        mode = va_arg(arguments, mode_t);                                 \
        va_end(arguments);                                                \
    }

SHOWN int open(const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return open_at(AT_FDCWD, path, flags, mode);
}

SHOWN int open64(const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

SHOWN int openat(int folder, const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return open_at(folder, path, flags, mode);
}

SHOWN int openat64(int folder, const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return open_at(folder, path, flags | O_LARGEFILE, mode);
}

/* The names under which programs that are built with checks call them. */

SHOWN int __open_2(const char *path, int flags);
SHOWN int __open64_2(const char *path, int flags);
SHOWN int __openat_2(int folder, const char *path, int flags);
SHOWN int __openat64_2(int folder, const char *path, int flags);

int __open_2(const char *path, int flags) {
    return open_at(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags) {
    return open_at(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}

int __openat_2(int folder, const char *path, int flags) {
    return open_at(folder, path, flags, 0);
}

int __openat64_2(int folder, const char *path, int flags) {
    return open_at(folder, path, flags | O_LARGEFILE, 0);
}

SHOWN FILE *fopen(const char *path, const char *mode) {
    char own[PATH_MAX];
    return NEXT(fopen)(tree_path(path, own), mode);
}

SHOWN FILE *fopen64(const char *path, const char *mode) {
    char own[PATH_MAX];
    return NEXT(fopen64)(tree_path(path, own), mode);
}

SHOWN DIR *opendir(const char *path) {
    char own[PATH_MAX];
    return NEXT(opendir)(tree_path(path, own));
}

SHOWN int scandir(const char *path, struct dirent ***names, int (*chosen)(const struct dirent *),
    int (*compare)(const struct dirent **, const struct dirent **)) {
    char own[PATH_MAX];
    return NEXT(scandir)(tree_path(path, own), names, chosen, compare);
}

SHOWN int scandir64(const char *path, struct dirent64 ***names, int (*chosen)(const struct dirent64 *),
    int (*compare)(const struct dirent64 **, const struct dirent64 **)) {
    char own[PATH_MAX];
    return NEXT(scandir64)(tree_path(path, own), names, chosen, compare);
}

SHOWN int access(const char *path, int mode) {
    char own[PATH_MAX];
    return (int)syscall(SYS_faccessat, AT_FDCWD, tree_path(path, own), mode);
}

SHOWN int faccessat(int folder, const char *path, int mode, int flags) {
    char own[PATH_MAX];
    return NEXT(faccessat)(folder, tree_path(path, own), mode, flags);
}

SHOWN int eaccess(const char *path, int mode) {
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

SHOWN int euidaccess(const char *path, int mode) {
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

/* ls asks for them. */

SHOWN ssize_t getxattr(const char *path, const char *name, void *out, size_t room) {
    char own[PATH_MAX];
    return syscall(SYS_getxattr, tree_path(path, own), name, out, room);
}

SHOWN ssize_t lgetxattr(const char *path, const char *name, void *out, size_t room) {
    char own[PATH_MAX];
    return syscall(SYS_lgetxattr, tree_path(path, own), name, out, room);
}

SHOWN ssize_t listxattr(const char *path, char *out, size_t room) {
    char own[PATH_MAX];
    return syscall(SYS_listxattr, tree_path(path, own), out, room);
}

SHOWN ssize_t llistxattr(const char *path, char *out, size_t room) {
    char own[PATH_MAX];
    return syscall(SYS_llistxattr, tree_path(path, own), out, room);
}

/* Links and names. */

SHOWN ssize_t readlinkat(int folder, const char *restrict path, char *restrict out, size_t room) {
    char own[PATH_MAX];
    return syscall(SYS_readlinkat, folder, tree_path(path, own), out, room);
}

SHOWN ssize_t readlink(const char *restrict path, char *restrict out, size_t room) {
    return readlinkat(AT_FDCWD, path, out, room);
}

SHOWN ssize_t __readlink_chk(const char *path, char *out, size_t room, size_t size);
SHOWN ssize_t __readlinkat_chk(int folder, const char *path, char *out, size_t room, size_t size);

ssize_t __readlink_chk(const char *path, char *out, size_t room, size_t size) {
    return __readlinkat_chk(AT_FDCWD, path, out, room, size);
}

ssize_t __readlinkat_chk(int folder, const char *path, char *out, size_t room, size_t size) {
    if (room > size) {
        abort();
    }
    return readlinkat(folder, path, out, room);
}

SHOWN char *realpath(const char *restrict path, char *restrict out) {
    char own[PATH_MAX];
    const char *inside = tree_path(path, own);
    char *found = NEXT(realpath)(inside, out);
    if (found != NULL && inside == own) {
        const char *outside = tree_outside(found);
        memmove(found, outside, strlen(outside) + 1);
    }
    return found;
}

SHOWN char *__realpath_chk(const char *path, char *out, size_t size);

char *__realpath_chk(const char *path, char *out, size_t size) {
    if (size < PATH_MAX) {
        abort();
    }
    return realpath(path, out);
}

SHOWN char *canonicalize_file_name(const char *path) {
    return realpath(path, NULL);
}

/* What a file is. */

/* Makes what was found of a node, by its path or of an open one, what a program expects of it. */
static void show_node(int fd, const char *path, struct stat *found) {
    struct file file;
    int minor = -1;
    if (S_ISSOCK(found->st_mode) && fd >= 0 && path[0] == '\0') {
        minor = call_file(fd, &file) ? file.minor : -1;
    } else if (S_ISREG(found->st_mode) && path[0] != '\0') {
        minor = tree_minor(found);
    }
    if (minor >= 0) {
        tree_node(found, minor);
    }
}

static int stat_at(int folder, const char *path, struct stat *found, int flags) {
    char own[PATH_MAX];
    bool in_tree = tree_path_at(folder, path, own);
    int saved = errno;
    int status = in_tree ? (int)syscall(SYS_newfstatat, AT_FDCWD, own, found, flags)
                         : (int)syscall(SYS_newfstatat, folder, path, found, flags);
    bool open_file = path[0] == '\0' && (flags & AT_EMPTY_PATH) != 0;
    if (status == 0 && (in_tree || open_file)) {
        show_node(folder, path, found);
        errno = saved;
    }
    return status;
}

SHOWN int fstatat(int folder, const char *restrict path, struct stat *restrict found, int flags) {
    return stat_at(folder, path, found, flags);
}

SHOWN int fstatat64(int folder, const char *restrict path, struct stat64 *restrict found, int flags) {
    return stat_at(folder, path, (struct stat *)found, flags);
}

SHOWN int stat(const char *restrict path, struct stat *restrict found) {
    return stat_at(AT_FDCWD, path, found, 0);
}

SHOWN int stat64(const char *restrict path, struct stat64 *restrict found) {
    return stat_at(AT_FDCWD, path, (struct stat *)found, 0);
}

SHOWN int lstat(const char *restrict path, struct stat *restrict found) {
    return stat_at(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW);
}

SHOWN int lstat64(const char *restrict path, struct stat64 *restrict found) {
    return stat_at(AT_FDCWD, path, (struct stat *)found, AT_SYMLINK_NOFOLLOW);
}

SHOWN int fstat(int fd, struct stat *found) {
    int saved = errno;
    int status = (int)syscall(SYS_fstat, fd, found);
    if (status == 0 && S_ISSOCK(found->st_mode)) {
        show_node(fd, "", found);
        errno = saved;
    }
    return status;
}

SHOWN int fstat64(int fd, struct stat64 *found) {
    return fstat(fd, (struct stat *)found);
}

SHOWN int statx(
    int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict found) {
    char own[PATH_MAX];
    bool in_tree = tree_path_at(folder, path, own);
    int status = in_tree ? (int)syscall(SYS_statx, AT_FDCWD, own, flags, mask, found)
                         : (int)syscall(SYS_statx, folder, path, flags, mask, found);
    bool open_file = path[0] == '\0' && (flags & AT_EMPTY_PATH) != 0;
    struct stat node;
    if (status == 0 && (in_tree || open_file)
        && stat_at(folder, path, &node, flags & (AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) == 0
        && S_ISCHR(node.st_mode) && major(node.st_rdev) == DRM_MAJOR) {
        found->stx_mode = (uint16_t)node.st_mode;
        found->stx_rdev_major = major(node.st_rdev);
        found->stx_rdev_minor = minor(node.st_rdev);
        found->stx_ino = node.st_ino;
        found->stx_size = 0;
    }
    return status;
}

/* Programs built before glibc 2.33 call these; VERSION says how their struct stat looks, of which there is one. */
SHOWN int __xstat(int version, const char *path, struct stat *found);
SHOWN int __xstat64(int version, const char *path, struct stat64 *found);
SHOWN int __lxstat(int version, const char *path, struct stat *found);
SHOWN int __lxstat64(int version, const char *path, struct stat64 *found);
SHOWN int __fxstat(int version, int fd, struct stat *found);
SHOWN int __fxstat64(int version, int fd, struct stat64 *found);
SHOWN int __fxstatat(int version, int folder, const char *path, struct stat *found, int flags);
SHOWN int __fxstatat64(int version, int folder, const char *path, struct stat64 *found, int flags);

int __xstat(int version, const char *path, struct stat *found) {
    (void)version;
    return stat(path, found);
}

int __xstat64(int version, const char *path, struct stat64 *found) {
    (void)version;
    return stat64(path, found);
}

int __lxstat(int version, const char *path, struct stat *found) {
    (void)version;
    return lstat(path, found);
}

int __lxstat64(int version, const char *path, struct stat64 *found) {
    (void)version;
    return lstat64(path, found);
}

int __fxstat(int version, int fd, struct stat *found) {
    (void)version;
    return fstat(fd, found);
}

int __fxstat64(int version, int fd, struct stat64 *found) {
    (void)version;
    return fstat64(fd, found);
}

int __fxstatat(int version, int folder, const char *path, struct stat *found, int flags) {
    (void)version;
    return stat_at(folder, path, found, flags);
}

int __fxstatat64(int version, int folder, const char *path, struct stat64 *found, int flags) {
    (void)version;
    return stat_at(folder, path, (struct stat *)found, flags);
}

/* What goes to the server. */

/* Whether FD may stand for memory or a fence of the server's: its memory is in files, its fences are pipes. */
static bool may_be_given(int fd, uint32_t type) {
    struct stat found;
    if ((type != DMA_BUF_IOCTL_TYPE && type != SYNC_FILE_IOCTL_TYPE) || tree_socket() == NULL
        || syscall(SYS_fstat, fd, &found) != 0) {
        return false;
    }
    return type == DMA_BUF_IOCTL_TYPE ? S_ISREG(found.st_mode) : S_ISFIFO(found.st_mode);
}

SHOWN int ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *arg = va_arg(arguments, void *);
    va_end(arguments);
    struct file file;
    int saved = errno;
    if (_IOC_TYPE((uint32_t)request) == DRM_IOCTL_TYPE && call_file(fd, &file)) {
        errno = saved;
        return call_ioctl(&file, (uint32_t)request, arg);
    }
    if (may_be_given(fd, _IOC_TYPE((uint32_t)request))) {
        errno = saved;
        int result = call_fd_ioctl(fd, (uint32_t)request, arg);
        if (result >= 0 || errno != ENOTTY) {
            return result;
        }
    }
    errno = saved;
    return (int)syscall(SYS_ioctl, fd, request, arg);
}

SHOWN void *mmap(void *address, size_t bytes, int protection, int flags, int fd, off_t offset) {
    struct file file;
    int saved = errno;
    if (fd >= 0 && (flags & MAP_ANONYMOUS) == 0 && call_file(fd, &file)) {
        errno = saved;
        return call_mmap(&file, address, bytes, protection, flags, offset);
    }
    errno = saved;
    return (void *)syscall(SYS_mmap, address, bytes, protection, flags, fd, offset);
}

SHOWN void *mmap64(void *address, size_t bytes, int protection, int flags, int fd, off64_t offset) {
    return mmap(address, bytes, protection, flags, fd, (off_t)offset);
}
