/* SPDX-License-Identifier: Apache-2.0 */
/* The folder that holds the board's files as they are in /dev and /sys, and what the environment says. */
#ifndef NACRE_DRM_TREE_H
#define NACRE_DRM_TREE_H

#include <stdbool.h>
#include <sys/stat.h>

/* HW: DRM_MAJOR of the kernel's drm_drv.h. */
#define DRM_MAJOR 226

/* The server's socket; NULL if the program was not started with one. */
const char *tree_socket(void);

/*
 * PATH, or where it is in the tree if it is one of the board's; then in OUT, which has room for PATH_MAX bytes.
 */
const char *tree_path(const char *path, char *out);

/* Whether FD and PATH name one of the board's files relative to a folder of the tree; then OUT is its path. */
bool tree_path_at(int fd, const char *path, char *out);

/* The path that a program knows for one in the tree; PATH itself if it is not in the tree. */
const char *tree_outside(const char *path);

/* The minor number of the node that FOUND is; -1 if it is none. */
int tree_minor(const struct stat *found);

/* Makes FOUND what fstat() says of a node. */
void tree_node(struct stat *found, int minor);

#endif
