/* The protocol's messages: requests to the server, its replies, and its own requests for memory. */
#include "bench.h"

#include <stdio.h>
#include <sys/socket.h>

static uint16_t next_id = 1;

void receive(int from, void *to, size_t bytes)
{
    for (uint8_t *at = to; bytes > 0;) {
        ssize_t n = recv(from, at, bytes, spins ? MSG_DONTWAIT : 0);
        if (n < 0 && spins && errno == EAGAIN)
            continue;
        if (n == 0)
            errno = ECONNRESET;
        if (n <= 0)
            die("recv");
        at += n;
        bytes -= n;
    }
}

/* Sends all of a vector, and descriptors with its first byte. */
void transmit(int to, struct iovec *parts, int count, const int *fds, int fd_count)
{
    char control[CMSG_SPACE(sizeof(int) * MAX_FDS)];
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    if (fd_count > 0) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
        memcpy(CMSG_DATA(c), fds, sizeof(int) * fd_count);
    }
    while (message.msg_iovlen > 0) {
        ssize_t n = sendmsg(to, &message, MSG_NOSIGNAL);
        if (n < 0)
            die("sendmsg");
        message.msg_control = NULL;
        message.msg_controllen = 0;
        while (message.msg_iovlen > 0 && (size_t)n >= message.msg_iov->iov_len) {
            n -= message.msg_iov->iov_len;
            message.msg_iov++;
            message.msg_iovlen--;
        }
        if (message.msg_iovlen > 0) {
            message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + n;
            message.msg_iov->iov_len -= n;
        }
    }
}

uint16_t request(int command, uint32_t flags, const void *fixed, size_t fixed_bytes, const void *data,
                        size_t data_bytes, const int *fds, int fd_count)
{
    struct header h = {next_id++, command, sizeof h + fixed_bytes + data_bytes, flags, 0};
    struct iovec parts[] = {{&h, sizeof h}, {(void *)fixed, fixed_bytes}, {(void *)data, data_bytes}};
    transmit(server, parts, data_bytes > 0 ? 3 : 2, fds, fd_count);
    return h.id;
}

/* Answers the server's DMA_READ or DMA_WRITE. */
static void serve_dma(const struct header *h)
{
    struct dma_access a;
    receive(server, &a, sizeof a);
    if (a.iova < UNMAPPED_IOVA || a.count > UNMAPPED_BYTES || a.iova - UNMAPPED_IOVA > UNMAPPED_BYTES - a.count) {
        errno = ERANGE;
        die("the server's DMA");
    }
    uint8_t *at = unmapped + (a.iova - UNMAPPED_IOVA);
    bool read = h->command == DMA_READ;
    if (!read)
        receive(server, at, a.count);
    struct header r = {h->id, h->command, sizeof r + sizeof a + (read ? a.count : 0), REPLY, 0};
    struct iovec parts[] = {{&r, sizeof r}, {&a, sizeof a}, {at, a.count}};
    transmit(server, parts, read ? 3 : 2, NULL, 0);
}

/* Waits for a reply, serving the server meanwhile; its body's bytes, or a negative error number. */
ssize_t await(uint16_t id, size_t most)
{
    for (;;) {
        struct header h;
        receive(server, &h, sizeof h);
        if ((h.flags & TYPE_MASK) != REPLY) {
            serve_dma(&h);
            continue;
        }
        size_t bytes = h.size - sizeof h;
        if (h.id != id || bytes > most) {
            fprintf(stderr, "vfio_user_bench: reply %u of %zu bytes, not %u of at most %zu\n", h.id, bytes, id, most);
            exit(1);
        }
        if (bytes > 0)
            receive(server, body, bytes);
        if (h.flags & ERROR)
            return -(ssize_t)(h.error ? h.error : EIO);
        return bytes;
    }
}

/* A command that must succeed. */
size_t must(const char *what, int command, const void *fixed, size_t bytes, const int *fds, int fd_count)
{
    ssize_t n = await(request(command, 0, fixed, bytes, NULL, 0, fds, fd_count), 4096);
    if (n < 0) {
        errno = -n;
        die(what);
    }
    return n;
}

int read_region(uint32_t region, uint64_t offset, uint32_t count)
{
    struct access a = {offset, region, count};
    ssize_t n = await(request(REGION_READ, 0, &a, sizeof a, NULL, 0, NULL, 0), sizeof a + count);
    return n < 0 ? n : n == (ssize_t)(sizeof a + count) ? 0 : -EPROTO;
}

int write_region(uint32_t region, uint64_t offset, const void *data, uint32_t count)
{
    struct access a = {offset, region, count};
    ssize_t n = await(request(REGION_WRITE, 0, &a, sizeof a, data, count, NULL, 0), sizeof a);
    return n < 0 ? n : 0;
}

void post(uint64_t offset, uint32_t value)
{
    struct access a = {offset, REGISTERS, sizeof value};
    request(REGION_WRITE, NO_REPLY, &a, sizeof a, &value, sizeof value, NULL, 0);
}

uint64_t get(uint64_t offset, int bytes)
{
    uint64_t value = 0;
    int error = read_region(REGISTERS, offset, bytes);
    if (error < 0) {
        errno = -error;
        die("register read");
    }
    memcpy(&value, body + sizeof(struct access), bytes);
    return value;
}

void put(uint64_t offset, uint64_t value, int bytes)
{
    int error = write_region(REGISTERS, offset, &value, bytes);
    if (error < 0) {
        errno = -error;
        die("register write");
    }
}
