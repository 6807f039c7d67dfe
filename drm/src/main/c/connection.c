/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"

#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* Programs that close and open standard streams count on low numbers; these stay out of their way. */
#define FIRST_FD 256

static __thread struct connection own = {.fd = -1};
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t ends;

/* The socket's inode behind a descriptor; 0 if it is no socket. */
static ino_t socket_inode(int fd) {
    struct stat found;
    if (syscall(SYS_fstat, fd, &found) != 0 || !S_ISSOCK(found.st_mode)) {
        return 0;
    }
    return found.st_ino;
}

static void hang_up(struct connection *connection) {
    if (connection->fd >= 0 && socket_inode(connection->fd) == connection->inode) {
        close(connection->fd);
    }
    connection->fd = -1;
}

static void thread_ended(void *connection) {
    hang_up(connection);
}

static void make_key(void) {
    pthread_key_create(&ends, thread_ended);
}

static int connected_socket(void) {
    const char *path = tree_socket();
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof(address.sun_path)) {
        return -1;
    }
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    long status;
    do {
        status = syscall(SYS_connect, fd, &address, sizeof(address));
    } while (status != 0 && errno == EINTR);
    if (status != 0) {
        close(fd);
        return -1;
    }
    int high = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);
    if (high < 0) {
        return fd;
    }
    close(fd);
    return high;
}

static bool greet(struct connection *connection) {
    struct wire_hello hello = {{sizeof(hello), WIRE_HELLO, 0}, WIRE_VERSION, 0};
    struct iovec sent = {&hello, sizeof(hello)};
    if (connection_send(connection, &sent, 1, -1) != 0) {
        return false;
    }
    struct wire_hello answer;
    struct incoming incoming = {.parts = {{&answer, sizeof(answer)}}};
    int status = connection_receive(connection, &incoming, sizeof(answer));
    incoming_close(&incoming);
    return status == 0 && answer.header.type == WIRE_HELLO_OK && answer.version == WIRE_VERSION;
}

static bool connect_to_server(struct connection *connection) {
    connection->fd = connected_socket();
    if (connection->fd < 0) {
        return false;
    }
    connection->pid = getpid();
    connection->inode = socket_inode(connection->fd);
    if (!greet(connection)) {
        hang_up(connection);
        return false;
    }
    return true;
}

struct connection *connection_acquire(struct connection *spare) {
    if (own.busy) {
        *spare = (struct connection){.fd = -1};
        return connect_to_server(spare) ? spare : NULL;
    }
    own.busy = true;
    /* After a fork the socket is shared with the parent, whose answers would come here. */
    if (own.fd >= 0 && (own.pid != getpid() || socket_inode(own.fd) != own.inode)) {
        hang_up(&own);
    }
    if (own.fd < 0) {
        if (!connect_to_server(&own)) {
            own.busy = false;
            return NULL;
        }
        pthread_once(&once, make_key);
        pthread_setspecific(ends, &own);
    }
    return &own;
}

void connection_release(struct connection *connection, bool broken) {
    if (broken || connection != &own) {
        hang_up(connection);
    }
    connection->busy = false;
}

/* Forgets the first BYTES of the parts. */
static void advance(struct iovec *parts, int count, size_t bytes) {
    for (int i = 0; i < count && bytes > 0; i++) {
        size_t step = bytes < parts[i].iov_len ? bytes : parts[i].iov_len;
        parts[i].iov_base = (char *)parts[i].iov_base + step;
        parts[i].iov_len -= step;
        bytes -= step;
    }
}

static size_t left(const struct iovec *parts, int count) {
    size_t bytes = 0;
    for (int i = 0; i < count; i++) {
        bytes += parts[i].iov_len;
    }
    return bytes;
}

/* The calls go past the C library: they would be points where a thread can be cancelled, which an ioctl is not. */

int connection_send(struct connection *connection, struct iovec *parts, int count, int fd) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {.space = {0}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
    if (fd >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof(control);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
    }
    bool begun = false;
    while (left(parts, count) > 0) {
        long sent = syscall(SYS_sendmsg, connection->fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return errno == EFAULT && !begun ? -EFAULT : -EPIPE;
        }
        begun = true;
        message.msg_control = NULL;
        message.msg_controllen = 0;
        advance(parts, count, (size_t)sent);
    }
    return 0;
}

static void take_fds(struct incoming *incoming, struct msghdr *message) {
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
            if (incoming->fd_count < WIRE_MAX_FDS) {
                incoming->fds[incoming->fd_count++] = fd;
            } else {
                close(fd);
            }
        }
    }
}

int connection_receive(struct connection *connection, struct incoming *incoming, size_t bytes) {
    while (incoming->bytes < bytes) {
        union {
            struct cmsghdr header;
            char space[CMSG_SPACE(WIRE_MAX_FDS * sizeof(int))];
        } control;
        struct msghdr message = {
            .msg_iov = incoming->parts,
            .msg_iovlen = 3,
            .msg_control = &control,
            .msg_controllen = sizeof(control),
        };
        long received = syscall(SYS_recvmsg, connection->fd, &message, MSG_CMSG_CLOEXEC);
        if (received < 0 && errno == EINTR) {
            continue;
        }
        if (received <= 0) {
            return received < 0 && errno == EFAULT ? -EFAULT : -EPIPE;
        }
        take_fds(incoming, &message);
        advance(incoming->parts, 3, (size_t)received);
        incoming->bytes += (size_t)received;
    }
    return 0;
}

void incoming_close(struct incoming *incoming) {
    for (uint32_t i = 0; i < incoming->fd_count; i++) {
        if (incoming->fds[i] >= 0) {
            close(incoming->fds[i]);
        }
    }
    incoming->fd_count = 0;
}
