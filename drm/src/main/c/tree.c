/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* HW: enum drm_minor_type of the kernel's drm_file.h: 64 minors of a type, primary nodes first, render nodes third. */
#define RENDER_MINOR 128

/* Where the device's own folder is, from the folder of its first node. */
#define FIRST_NODE "/sys/dev/char/226:0"

static struct {
    const char *socket;
    char root[PATH_MAX]; /* without links: what realpath() would say */
    size_t root_length;
    char device[256];    /* /sys/devices/.../ADDRESS */
    char bus_device[64]; /* /sys/bus/pci/devices/ADDRESS */
} tree;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static long link_text(const char *path, char *out, size_t room) {
    long length = syscall(SYS_readlinkat, AT_FDCWD, path, out, room - 1);
    if (length >= 0) {
        out[length] = '\0';
    }
    return length;
}

/* From the text of the first node's link, ../../devices/BUS/ADDRESS/drm/card0. */
static void find_device(void) {
    char path[PATH_MAX + sizeof(FIRST_NODE)];
    char link[PATH_MAX];
    snprintf(path, sizeof(path), "%s" FIRST_NODE, tree.root);
    if (link_text(path, link, sizeof(link)) < 0) {
        return;
    }
    char *devices = strstr(link, "/devices/");
    char *end = strstr(link, "/drm/");
    if (devices == NULL || end == NULL || (size_t)(end - devices) + sizeof("/sys") > sizeof(tree.device)) {
        return;
    }
    *end = '\0';
    snprintf(tree.device, sizeof(tree.device), "/sys%.240s", devices);
    snprintf(tree.bus_device, sizeof(tree.bus_device), "/sys/bus/pci/devices/%.40s", strrchr(devices, '/') + 1);
}

static void read_environment(void) {
    const char *root = getenv("NACRE_DRM_ROOT");
    tree.socket = getenv("NACRE_DRM_SOCKET");
    if (root == NULL || tree.socket == NULL || root[0] != '/' || strlen(root) >= sizeof(tree.root)) {
        tree.socket = NULL;
        return;
    }
    /* What a link leads to is what the kernel shows: it is opened, and its name asked for. */
    char own[32];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    snprintf(own, sizeof(own), "/proc/self/fd/%d", fd);
    if (fd < 0 || link_text(own, tree.root, sizeof(tree.root)) < 0) {
        strcpy(tree.root, root);
    }
    if (fd >= 0) {
        close(fd);
    }
    tree.root_length = strlen(tree.root);
    find_device();
}

const char *tree_socket(void) {
    pthread_once(&once, read_environment);
    return tree.socket;
}

/* Whether PATH is FOLDER or below it. */
static bool within(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return length > 0 && strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static bool of_board(const char *path) {
    if (path == NULL || path[0] != '/' || (path[1] != 'd' && path[1] != 's') || tree_socket() == NULL) {
        return false;
    }
    return within(path, "/dev/dri") || within(path, "/sys/class/drm")
        || strncmp(path, "/sys/dev/char/226:", strlen("/sys/dev/char/226:")) == 0 || within(path, tree.device)
        || within(path, tree.bus_device);
}

const char *tree_path(const char *path, char *out) {
    if (!of_board(path) || tree.root_length + strlen(path) >= PATH_MAX) {
        return path;
    }
    memcpy(out, tree.root, tree.root_length);
    strcpy(out + tree.root_length, path);
    return out;
}

bool tree_path_at(int fd, const char *path, char *out) {
    if (path == NULL) {
        return false;
    }
    if (path[0] == '/') {
        return tree_path(path, out) == out;
    }
    if (fd == AT_FDCWD || path[0] == '\0' || tree_socket() == NULL) {
        return false;
    }
    char own[32];
    snprintf(own, sizeof(own), "/proc/self/fd/%d", fd);
    long length = link_text(own, out, PATH_MAX);
    if (length < 0 || !within(out, tree.root) || (size_t)length + strlen(path) + 2 > PATH_MAX) {
        return false;
    }
    out[length] = '/';
    strcpy(out + length + 1, path);
    return true;
}

const char *tree_outside(const char *path) {
    return tree_socket() != NULL && within(path, tree.root) ? path + tree.root_length : path;
}

static bool stat_node(int minor, struct stat *node) {
    char path[PATH_MAX + 32];
    if (minor < RENDER_MINOR) {
        snprintf(path, sizeof(path), "%s/dev/dri/card%d", tree.root, minor);
    } else {
        snprintf(path, sizeof(path), "%s/dev/dri/renderD%d", tree.root, minor);
    }
    return syscall(SYS_newfstatat, AT_FDCWD, path, node, 0) == 0;
}

int tree_minor(const struct stat *found) {
    static const int minors[] = {0, RENDER_MINOR};
    for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
        struct stat node;
        if (stat_node(minors[i], &node) && node.st_dev == found->st_dev && node.st_ino == found->st_ino) {
            return minors[i];
        }
    }
    return -1;
}

void tree_node(struct stat *found, int minor) {
    stat_node(minor, found);
    found->st_mode = S_IFCHR | (found->st_mode & 07777);
    found->st_rdev = makedev(DRM_MAJOR, (unsigned)minor);
    found->st_size = 0;
    found->st_blocks = 0;
}
