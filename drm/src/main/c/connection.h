/* SPDX-License-Identifier: Apache-2.0 */
/* The calling thread's connection to the server. */
#ifndef NACRE_DRM_CONNECTION_H
#define NACRE_DRM_CONNECTION_H

#include "wire.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

struct connection {
    int fd; /* -1: none */
    pid_t pid;
    ino_t inode; /* the socket's, to know whether the program closed it and has another file there now */
    bool busy;   /* a call is under way; a signal handler that makes one needs another connection */
};

/* What came of a message so far, and what came with it. */
struct incoming {
    struct iovec parts[3]; /* where the rest goes */
    int fds[WIRE_MAX_FDS];
    uint32_t fd_count;
    size_t bytes; /* received */
};

/*
 * The thread's connection, made if there is none; SPARE is used instead if the thread's own is busy.
 * NULL if the server has gone. To be released.
 */
struct connection *connection_acquire(struct connection *spare);

/* Ends a call. With BROKEN the connection is not used again: the two ends do not agree on where they are. */
void connection_release(struct connection *connection, bool broken);

/*
 * Sends a message, from the program's memory where PARTS says so: the kernel checks the addresses. PARTS is changed.
 * 0; -EFAULT if nothing was sent because of an address; -EPIPE if the connection is broken.
 */
int connection_send(struct connection *connection, struct iovec *parts, int count, int fd);

/*
 * Receives at least BYTES of a message in all, and whatever else fits; 0, -EFAULT or -EPIPE; the connection is broken
 * then.
 */
int connection_receive(struct connection *connection, struct incoming *incoming, size_t bytes);

/* Closes what came and nobody took. */
void incoming_close(struct incoming *incoming);

#endif
