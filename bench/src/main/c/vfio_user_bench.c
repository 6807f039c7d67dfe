/*
 * Measures a vfio-user server that serves the bench device (dev.nacre.samples.BenchDevice), or with --floor what the same
 * messages cost without any protocol. It uses the wire format only, so that it measures servers in any language alike, and
 * receives a reply in two calls, header and body, as QEMU does. Prints a JSON object per metric.
 *
 *   vfio_user_bench [-n OPERATIONS] [-c CPU] [-s] [-o TESTS] SOCKET
 *   vfio_user_bench [-n OPERATIONS] [-c CPU] [-C OTHER_CPU] --floor
 *
 *   -c  pins this process; -C pins the floor's other side      -s  spins instead of blocking
 *   -o  of: rtt, bulk, irq, dma, msg, mig; all by default
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Commands and flags of the protocol. */
enum {
    VERSION = 1,
    DMA_MAP = 2,
    DMA_UNMAP = 3,
    GET_INFO = 4,
    GET_REGION_INFO = 5,
    SET_IRQS = 8,
    REGION_READ = 9,
    REGION_WRITE = 10,
    DMA_READ = 11,
    FEATURE = 16,
    MIG_READ = 17,
    MIG_WRITE = 18
};
enum { REPLY = 1, TYPE_MASK = 0xf, NO_REPLY = 0x10, ERROR = 0x20 };

/* Features, and the states of a migration. */
enum { FEATURE_MIGRATION = 1, FEATURE_STATE = 2, GET = 1 << 16, SET = 1 << 17 };
enum { STOP = 1, RUNNING = 2, STOP_COPY = 3, RESUMING = 4 };

/* The bench device. */
enum { REGISTERS = 0, MEMORY = 1 };
enum {
    ID = 0x000,
    SCRATCH = 0x004,
    DOORBELL = 0x100,
    STAMP_IOVA = 0x108,
    COPY_IOVA = 0x200,
    COPY_BYTES = 0x208,
    COPY_REPETITIONS = 0x210,
    COPY_GO = 0x214,
    COPY_NS = 0x218,
    COPY_STATUS = 0x220
};
enum { FROM_GUEST = 1, TO_GUEST, LOCAL, MESSAGE_FROM_GUEST, MESSAGE_TO_GUEST };
#define IDENTITY 0x48434e42u

#define KIB 1024ull
#define MIB (1024 * KIB)
#define MAPPED_IOVA 0x100000000ull
#define MAPPED_BYTES (64 * MIB)
#define UNMAPPED_IOVA 0x200000000ull
#define UNMAPPED_BYTES (16 * MIB)
#define STATE_BYTES (256 * MIB)

enum { MAX_FDS = 16, VECTORS = 4, WARM_UPS = 20000, IRQ_WARM_UPS = 5000, MAX_IRQS = 100000 };

struct header {
    uint16_t id, command;
    uint32_t size, flags, error;
};
struct access {
    uint64_t offset;
    uint32_t region, count;
};
struct dma_map {
    uint32_t argsz, flags;
    uint64_t offset, iova, size;
};
struct dma_unmap {
    uint32_t argsz, flags;
    uint64_t iova, size;
};
struct dma_access {
    uint64_t iova, count;
};

static int server;
static uint16_t next_id = 1;
static uint8_t *mapped, *unmapped; /* memory that the server maps; that it asks for by messages */
static uint8_t *body;              /* of the last reply */
static uint64_t *latencies;
static size_t operations = 200000;
static bool spins, failed, silent;

static void die(const char *what)
{
    fprintf(stderr, "vfio_user_bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (cpu >= 0 && sched_setaffinity(0, sizeof set, &set) != 0)
        die("sched_setaffinity");
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void report_latency(const char *name, uint64_t *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    printf("{\"metric\":\"%s\",\"n\":%zu,\"p50_ns\":%" PRIu64 ",\"p99_ns\":%" PRIu64 ",\"p999_ns\":%" PRIu64
           ",\"max_ns\":%" PRIu64 "}\n",
           name, n, values[n / 2], values[n * 99 / 100], values[n * 999 / 1000], values[n - 1]);
    fflush(stdout);
}

static void report_rate(const char *name, size_t n, uint64_t ns)
{
    printf("{\"metric\":\"%s\",\"n\":%zu,\"per_s\":%.0f}\n", name, n, n * 1e9 / ns);
    fflush(stdout);
}

static void report_bandwidth(const char *name, uint64_t bytes, uint64_t ns)
{
    if (silent)
        return;
    printf("{\"metric\":\"%s\",\"MiB_per_s\":%.1f}\n", name, bytes / (double)MIB / (ns / 1e9));
    fflush(stdout);
}

static void report_failure(const char *name, const char *why, int error)
{
    failed = true;
    printf("{\"metric\":\"%s\",\"failed\":\"%s: %s\"}\n", name, why, strerror(error));
    fflush(stdout);
}

/* ---- Messages ---- */

static void receive(int from, void *to, size_t bytes)
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
static void transmit(int to, struct iovec *parts, int count, const int *fds, int fd_count)
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

static uint16_t request(int command, uint32_t flags, const void *fixed, size_t fixed_bytes, const void *data,
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
static ssize_t await(uint16_t id, size_t most)
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
static size_t must(const char *what, int command, const void *fixed, size_t bytes, const int *fds, int fd_count)
{
    ssize_t n = await(request(command, 0, fixed, bytes, NULL, 0, fds, fd_count), 4096);
    if (n < 0) {
        errno = -n;
        die(what);
    }
    return n;
}

static int read_region(uint32_t region, uint64_t offset, uint32_t count)
{
    struct access a = {offset, region, count};
    ssize_t n = await(request(REGION_READ, 0, &a, sizeof a, NULL, 0, NULL, 0), sizeof a + count);
    return n < 0 ? n : n == (ssize_t)(sizeof a + count) ? 0 : -EPROTO;
}

static int write_region(uint32_t region, uint64_t offset, const void *data, uint32_t count)
{
    struct access a = {offset, region, count};
    ssize_t n = await(request(REGION_WRITE, 0, &a, sizeof a, data, count, NULL, 0), sizeof a);
    return n < 0 ? n : 0;
}

static void post(uint64_t offset, uint32_t value)
{
    struct access a = {offset, REGISTERS, sizeof value};
    request(REGION_WRITE, NO_REPLY, &a, sizeof a, &value, sizeof value, NULL, 0);
}

static uint64_t get(uint64_t offset, int bytes)
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

static void put(uint64_t offset, uint64_t value, int bytes)
{
    int error = write_region(REGISTERS, offset, &value, bytes);
    if (error < 0) {
        errno = -error;
        die("register write");
    }
}

/* ---- Tests ---- */

static void test_round_trips(void)
{
    for (size_t i = 0; i < WARM_UPS + operations; i++) {
        uint64_t start = now_ns();
        get(SCRATCH, 4);
        if (i >= WARM_UPS)
            latencies[i - WARM_UPS] = now_ns() - start;
    }
    report_latency("region_read_4", latencies, operations);
    for (size_t i = 0; i < WARM_UPS + operations; i++) {
        uint64_t start = now_ns();
        put(SCRATCH, i, 4);
        if (i >= WARM_UPS)
            latencies[i - WARM_UPS] = now_ns() - start;
    }
    report_latency("region_write_4", latencies, operations);
    /* A read is the barrier: it is answered when all writes have been done. */
    uint64_t start = now_ns();
    for (size_t i = 1; i <= operations; i++)
        post(SCRATCH, i);
    uint32_t last = get(SCRATCH, 4);
    uint64_t ns = now_ns() - start;
    if (last == (uint32_t)operations)
        report_rate("region_write_4_posted", operations, ns);
    else
        report_failure("region_write_4_posted", "out of order", EPROTO);
}

static void transfers(const char *name, bool writes, uint32_t count, uint64_t total)
{
    static uint8_t *source;
    if (source == NULL) {
        source = malloc(MIB);
        memset(source, 0x5a, MIB);
    }
    uint64_t start = 0;
    for (int64_t i = -16; i < (int64_t)(total / count); i++) {
        if (i == 0)
            start = now_ns();
        int error = writes ? write_region(MEMORY, 0, source, count) : read_region(MEMORY, 0, count);
        if (error < 0) {
            report_failure(name, "transfer", -error);
            return;
        }
    }
    report_bandwidth(name, total / count * count, now_ns() - start);
}

static void test_bulk(void)
{
    transfers("region_read_4K", false, 4 * KIB, 128 * MIB);
    transfers("region_read_64K", false, 64 * KIB, 512 * MIB);
    transfers("region_read_1M", false, MIB, 1024 * MIB);
    transfers("region_write_4K", true, 4 * KIB, 128 * MIB);
    transfers("region_write_64K", true, 64 * KIB, 512 * MIB);
    transfers("region_write_1M", true, MIB, 1024 * MIB);
}

static void test_interrupts(const int *events)
{
    size_t n = operations < MAX_IRQS ? operations : MAX_IRQS;
    uint64_t *whole = malloc(n * sizeof *whole), count;
    volatile uint64_t *stamp = (void *)(mapped + MAPPED_BYTES - 4096);
    put(STAMP_IOVA, MAPPED_IOVA + MAPPED_BYTES - 4096, 8);
    for (size_t i = 0; i < IRQ_WARM_UPS + n; i++) {
        struct pollfd waiting = {events[1], POLLIN, 0};
        uint64_t start = now_ns();
        post(DOORBELL, 1);
        if (poll(&waiting, 1, 2000) != 1) {
            report_failure("irq", "no interrupt", ETIMEDOUT);
            break;
        }
        uint64_t end = now_ns();
        if (read(events[1], &count, sizeof count) != sizeof count)
            die("eventfd");
        if (i >= IRQ_WARM_UPS) {
            latencies[i - IRQ_WARM_UPS] = end - *stamp;
            whole[i - IRQ_WARM_UPS] = end - start;
        }
    }
    if (!failed) {
        report_latency("irq_signal_to_wakeup", latencies, n);
        report_latency("irq_doorbell_to_wakeup", whole, n);
    }
    put(STAMP_IOVA, 0, 8);
    free(whole);
}

/* The server times its copies itself. */
static void copies(const char *name, int kind, uint64_t bytes, uint32_t repetitions)
{
    put(COPY_IOVA, kind >= MESSAGE_FROM_GUEST ? UNMAPPED_IOVA : MAPPED_IOVA, 8);
    put(COPY_BYTES, bytes, 8);
    put(COPY_REPETITIONS, repetitions, 4);
    put(COPY_GO, kind, 4);
    uint32_t status = get(COPY_STATUS, 4);
    if (status == 0)
        report_bandwidth(name, bytes * repetitions, get(COPY_NS, 8));
    else
        report_failure(name, "copy", status);
}

static void test_dma(void)
{
    memset(mapped, 1, MAPPED_BYTES);
    for (int pass = 0; pass < 2; pass++) {
        /* The first pass touches all pages and has the server warm. */
        silent = pass == 0;
        copies("dma_read_4K", FROM_GUEST, 4 * KIB, 200000);
        copies("dma_write_4K", TO_GUEST, 4 * KIB, 200000);
        copies("memcpy_4K", LOCAL, 4 * KIB, 200000);
        copies("dma_read_1M", FROM_GUEST, MIB, 1000);
        copies("dma_write_1M", TO_GUEST, MIB, 1000);
        copies("memcpy_1M", LOCAL, MIB, 1000);
        copies("dma_read_32M", FROM_GUEST, 32 * MIB, 32);
        copies("dma_write_32M", TO_GUEST, 32 * MIB, 32);
        copies("memcpy_32M", LOCAL, 32 * MIB, 32);
    }
}

static void test_dma_messages(void)
{
    for (int pass = 0; pass < 2; pass++) {
        silent = pass == 0;
        copies("dma_message_read_4K", MESSAGE_FROM_GUEST, 4 * KIB, 10000);
        copies("dma_message_write_4K", MESSAGE_TO_GUEST, 4 * KIB, 10000);
        copies("dma_message_read_1M", MESSAGE_FROM_GUEST, MIB, 300);
        copies("dma_message_write_1M", MESSAGE_TO_GUEST, MIB, 300);
    }
}

static int feature(uint32_t flags, const void *data, size_t bytes)
{
    uint8_t fixed[16] = {0};
    uint32_t argsz = sizeof fixed;
    memcpy(fixed, &argsz, 4);
    memcpy(fixed + 4, &flags, 4);
    memcpy(fixed + 8, data, bytes);
    ssize_t n = await(request(FEATURE, 0, fixed, 8 + bytes, NULL, 0, NULL, 0), 4096);
    return n < 0 ? n : 0;
}

static int go_to(uint32_t state)
{
    uint32_t data[2] = {state, 0};
    return feature(SET | FEATURE_STATE, data, sizeof data);
}

static ssize_t save(uint8_t *state)
{
    size_t done = 0;
    for (;;) {
        uint32_t fixed[2] = {8 + MIB, MIB}, bytes;
        ssize_t n = await(request(MIG_READ, 0, fixed, sizeof fixed, NULL, 0, NULL, 0), 8 + MIB);
        if (n < 8)
            return n < 0 ? n : -EPROTO;
        memcpy(&bytes, body + 4, sizeof bytes);
        if (bytes > STATE_BYTES - done)
            return -ENOSPC;
        memcpy(state + done, body + 8, bytes);
        done += bytes;
        if (bytes < MIB)
            return done;
    }
}

static int restore(const uint8_t *state, size_t total)
{
    for (size_t done = 0; done < total;) {
        uint32_t bytes = total - done < MIB ? total - done : MIB, fixed[2] = {8 + bytes, bytes};
        ssize_t n = await(request(MIG_WRITE, 0, fixed, sizeof fixed, state + done, bytes, NULL, 0), 8);
        if (n < 0)
            return n;
        done += bytes;
    }
    return 0;
}

/* The device's state out and in again. The first time touches the pages of the copy and has the server warm. */
static void test_migration(void)
{
    if (feature(GET | FEATURE_MIGRATION, NULL, 0) < 0) {
        report_failure("migration", "not offered", ENOTSUP);
        return;
    }
    uint8_t *state = malloc(STATE_BYTES);
    for (int pass = 0; pass < 2 && !failed; pass++) {
        silent = pass == 0;
        if (go_to(STOP) < 0 || go_to(STOP_COPY) < 0)
            report_failure("mig_data_read_1M", "STOP_COPY", EPROTO);
        uint64_t start = now_ns();
        ssize_t total = save(state);
        uint64_t saved = now_ns();
        if (total < 0) {
            report_failure("mig_data_read_1M", "read", -total);
            break;
        }
        report_bandwidth("mig_data_read_1M", total, saved - start);
        if (go_to(STOP) < 0 || go_to(RESUMING) < 0)
            report_failure("mig_data_write_1M", "RESUMING", EPROTO);
        start = now_ns();
        int error = restore(state, total);
        if (error < 0) {
            report_failure("mig_data_write_1M", "write", -error);
            break;
        }
        report_bandwidth("mig_data_write_1M", total, now_ns() - start);
        if (go_to(STOP) < 0 || go_to(RUNNING) < 0)
            report_failure("mig_data_write_1M", "RUNNING", EPROTO);
    }
    free(state);
}

/* ---- The floor: the same bytes between two processes, without a protocol ---- */

static void echo(int peer, size_t in, size_t out)
{
    uint8_t *buffer = calloc(1, in > out ? in : out);
    for (;;) {
        for (size_t done = 0; done < in;) {
            /* Header and body apart, small ones too, as simple servers do. */
            size_t most = done == 0 ? sizeof(struct header) : in - done;
            ssize_t n = recv(peer, buffer + done, most, 0);
            if (n <= 0)
                _exit(0);
            done += n;
        }
        struct iovec part = {buffer, out};
        transmit(peer, &part, 1, NULL, 0);
    }
}

/* Forks a process that runs on another core; it ends when this one closes the socket. */
static int other_side(int cpu, int other_cpu, size_t in, size_t out)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        die("socketpair");
    if (fork() == 0) {
        pin(other_cpu);
        close(pair[0]);
        echo(pair[1], in, out);
    }
    close(pair[1]);
    pin(cpu);
    return pair[0];
}

static void floor_trips(const char *name, int cpu, int other_cpu, size_t out_bytes, size_t in_bytes, size_t n)
{
    size_t warm_ups = n / 10;
    uint8_t *out = calloc(1, out_bytes), *in = calloc(1, in_bytes);
    int peer = other_side(cpu, other_cpu, out_bytes, in_bytes);
    uint64_t begun = 0;
    for (size_t i = 0; i < warm_ups + n; i++) {
        uint64_t start = now_ns();
        if (i == warm_ups)
            begun = start;
        struct iovec part = {out, out_bytes};
        transmit(peer, &part, 1, NULL, 0);
        receive(peer, in, sizeof(struct header));
        receive(peer, in + sizeof(struct header), in_bytes - sizeof(struct header));
        if (i >= warm_ups)
            latencies[i - warm_ups] = now_ns() - start;
    }
    uint64_t ns = now_ns() - begun;
    if (out_bytes + in_bytes < 4 * KIB)
        report_latency(name, latencies, n);
    else
        report_bandwidth(name, n * ((out_bytes > in_bytes ? out_bytes : in_bytes) - 32), ns);
    close(peer);
    wait(NULL);
    free(out);
    free(in);
}

/* A burst one way, read by the other side as much as fits at a time. */
static void floor_posted(int cpu, int other_cpu)
{
    enum { MESSAGE = sizeof(struct header) + sizeof(struct access) + 4, READ_AHEAD = 64 * 1024 };
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        die("socketpair");
    if (fork() == 0) {
        static uint8_t buffer[READ_AHEAD];
        pin(other_cpu);
        for (size_t left = operations * MESSAGE; left > 0;) {
            ssize_t n = recv(pair[1], buffer, sizeof buffer, 0);
            if (n <= 0)
                _exit(1);
            left -= n;
        }
        if (send(pair[1], buffer, 1, 0) != 1)
            _exit(1);
        _exit(0);
    }
    pin(cpu);
    uint8_t message[MESSAGE] = {0};
    uint64_t start = now_ns();
    for (size_t i = 0; i < operations; i++) {
        struct iovec part = {message, sizeof message};
        transmit(pair[0], &part, 1, NULL, 0);
    }
    receive(pair[0], message, 1);
    report_rate("floor_posted", operations, now_ns() - start);
    close(pair[0]);
    close(pair[1]);
    wait(NULL);
}

/* From just before an eventfd is written by one process until another is back from poll(). */
static void floor_irq(int cpu, int other_cpu)
{
    size_t n = operations < MAX_IRQS ? operations : MAX_IRQS;
    int asked = eventfd(0, 0), raised = eventfd(0, 0);
    volatile uint64_t *stamp = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t count, one = 1;
    pid_t child = fork();
    if (child == 0) {
        pin(other_cpu);
        while (read(asked, &count, sizeof count) == sizeof count) {
            *stamp = now_ns();
            if (write(raised, &one, sizeof one) != sizeof one)
                _exit(1);
        }
        _exit(0);
    }
    pin(cpu);
    for (size_t i = 0; i < IRQ_WARM_UPS + n; i++) {
        struct pollfd waiting = {raised, POLLIN, 0};
        if (write(asked, &one, sizeof one) != sizeof one || poll(&waiting, 1, 2000) != 1)
            die("eventfd");
        uint64_t end = now_ns();
        if (read(raised, &count, sizeof count) != sizeof count)
            die("eventfd");
        if (i >= IRQ_WARM_UPS)
            latencies[i - IRQ_WARM_UPS] = end - *stamp;
    }
    report_latency("floor_irq", latencies, n);
    kill(child, SIGKILL);
    wait(NULL);
}

static void measure_floor(int cpu, int other_cpu)
{
    size_t fixed = sizeof(struct header) + sizeof(struct access);
    floor_trips("floor_read_4", cpu, other_cpu, fixed, fixed + 4, operations);
    floor_trips("floor_read_4K", cpu, other_cpu, fixed, fixed + 4 * KIB, operations / 8);
    floor_trips("floor_read_1M", cpu, other_cpu, fixed, fixed + MIB, 512);
    floor_trips("floor_write_4K", cpu, other_cpu, fixed + 4 * KIB, fixed, operations / 8);
    floor_trips("floor_read_64K", cpu, other_cpu, fixed, fixed + 64 * KIB, 4096);
    floor_trips("floor_write_64K", cpu, other_cpu, fixed + 64 * KIB, fixed, 4096);
    floor_trips("floor_write_1M", cpu, other_cpu, fixed + MIB, fixed, 512);
    floor_posted(cpu, other_cpu);
    floor_irq(cpu, other_cpu);
}

/* ---- Setting up ---- */

static void connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        die(path);
    }
    strcpy(address.sun_path, path);
    server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) != 0)
        die(path);
}

static void negotiate(void)
{
    static const char capabilities[] = "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576,"
                                       "\"pgsizes\":4096,\"max_dma_maps\":65535}}";
    must("VERSION", VERSION, capabilities, sizeof capabilities, NULL, 0);
    uint32_t info[4] = {sizeof info};
    must("GET_INFO", GET_INFO, info, sizeof info, NULL, 0);
    memcpy(info, body, sizeof info);
    for (uint32_t i = 0; i < info[2]; i++) {
        uint32_t region[8] = {4096, 0, i};
        must("GET_REGION_INFO", GET_REGION_INFO, region, sizeof region, NULL, 0);
    }
}

static void give_memory(void)
{
    int file = memfd_create("vfio-user-bench", MFD_ALLOW_SEALING);
    if (file < 0 || ftruncate(file, MAPPED_BYTES) != 0 || fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
        die("memfd");
    mapped = mmap(NULL, MAPPED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    unmapped = calloc(1, UNMAPPED_BYTES);
    if (mapped == MAP_FAILED || unmapped == NULL)
        die("memory");
    struct dma_map with_file = {sizeof with_file, 3, 0, MAPPED_IOVA, MAPPED_BYTES};
    must("DMA_MAP", DMA_MAP, &with_file, sizeof with_file, &file, 1);
    struct dma_map without = {sizeof without, 3, 0, UNMAPPED_IOVA, UNMAPPED_BYTES};
    must("DMA_MAP without a file", DMA_MAP, &without, sizeof without, NULL, 0);
    close(file);
}

static void take_memory_back(void)
{
    struct dma_unmap range = {sizeof range, 0, MAPPED_IOVA, MAPPED_BYTES};
    must("DMA_UNMAP", DMA_UNMAP, &range, sizeof range, NULL, 0);
}

static void measure(const char *path, const char *only)
{
    connect_to(path);
    negotiate();
    give_memory();
    int events[VECTORS];
    for (int i = 0; i < VECTORS; i++)
        events[i] = eventfd(0, 0);
    uint32_t irqs[5] = {sizeof irqs, 4 | 32, 2, 0, VECTORS};
    must("SET_IRQS", SET_IRQS, irqs, sizeof irqs, events, VECTORS);
    if (get(ID, 4) != IDENTITY) {
        errno = ENODEV;
        die("not the bench device");
    }
#define WANTED(test) (only == NULL || strstr(only, test) != NULL)
    if (WANTED("rtt"))
        test_round_trips();
    if (WANTED("bulk"))
        test_bulk();
    if (WANTED("irq"))
        test_interrupts(events);
    if (WANTED("dma"))
        test_dma();
    if (WANTED("msg"))
        test_dma_messages();
    if (WANTED("mig"))
        test_migration();
    take_memory_back();
    close(server);
}

static int usage(void)
{
    fprintf(stderr, "usage: vfio_user_bench [-n OPERATIONS] [-c CPU] [-C OTHER_CPU] [-s] [-o rtt,bulk,irq,dma,msg,mig] "
                    "SOCKET | --floor\n");
    return 2;
}

int main(int argc, char **argv)
{
    const char *path = NULL, *only = NULL;
    int cpu = -1, other_cpu = -1;
    bool floor_only = false;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "-n") == 0 && has_value)
            operations = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "-c") == 0 && has_value)
            cpu = atoi(argv[++i]);
        else if (strcmp(argv[i], "-C") == 0 && has_value)
            other_cpu = atoi(argv[++i]);
        else if (strcmp(argv[i], "-o") == 0 && has_value)
            only = argv[++i];
        else if (strcmp(argv[i], "-s") == 0)
            spins = true;
        else if (strcmp(argv[i], "--floor") == 0)
            floor_only = true;
        else if (argv[i][0] != '-' && path == NULL)
            path = argv[i];
        else
            return usage();
    }
    if ((path == NULL) == !floor_only || operations < 1000)
        return usage();
    latencies = calloc(operations, sizeof *latencies);
    body = calloc(1, 2 * MIB);
    pin(cpu);
    /* Who may, goes before others that happen to run. */
    setpriority(PRIO_PROCESS, 0, -20);
    if (floor_only)
        measure_floor(cpu, other_cpu);
    else
        measure(path, only);
    return failed ? 3 : 0;
}
