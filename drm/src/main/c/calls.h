/* SPDX-License-Identifier: Apache-2.0 */
/* What the server does for a program. Each returns -1 with errno, as the system call does; ENODEV if it has gone. */
#ifndef NACRE_DRM_CALLS_H
#define NACRE_DRM_CALLS_H

#include "wire.h"

#include <stdbool.h>
#include <sys/types.h>

/* An open file, as the address of its socket's other end names it; it is the same in every process that has the file. */
struct file {
    uint8_t token[WIRE_TOKEN_BYTES];
    int minor;
};

/* Whether a descriptor is a file of the server. */
bool call_file(int fd, struct file *file);

/* Opens a node. */
int call_open(int minor, int flags);

int call_ioctl(const struct file *file, uint32_t cmd, void *arg);

/* An ioctl on a descriptor that the server gave away. ENOTTY if it stands for nothing of the server's. */
int call_fd_ioctl(int fd, uint32_t cmd, void *arg);

void *call_mmap(const struct file *file, void *address, size_t bytes, int protection, int flags, off_t offset);

#endif
