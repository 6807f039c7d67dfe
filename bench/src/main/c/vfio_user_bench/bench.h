/*
 * What the files of vfio_user_bench share: the protocol and the bench device as far as they are used, the process's state,
 * and what is said about a measurement.
 */
#ifndef VFIO_USER_BENCH_H
#define VFIO_USER_BENCH_H

#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
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

extern int server;
extern uint8_t *mapped, *unmapped; /* memory that the server maps; that it asks for by messages */
extern uint8_t *body;              /* of the last reply */
extern uint64_t *latencies;
extern size_t operations;
extern bool spins, failed, silent;

static inline uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* main.c */
void die(const char *what);
void pin(int cpu);

/* report.c */
void report_latency(const char *name, uint64_t *values, size_t n);
void report_rate(const char *name, size_t n, uint64_t ns);
void report_bandwidth(const char *name, uint64_t bytes, uint64_t ns);
void report_failure(const char *name, const char *why, int error);

/* messages.c */
void receive(int from, void *to, size_t bytes);
void transmit(int to, struct iovec *parts, int count, const int *fds, int fd_count);
uint16_t request(int command, uint32_t flags, const void *fixed, size_t fixed_bytes, const void *data, size_t data_bytes,
                 const int *fds, int fd_count);
ssize_t await(uint16_t id, size_t most);
size_t must(const char *what, int command, const void *fixed, size_t bytes, const int *fds, int fd_count);
int read_region(uint32_t region, uint64_t offset, uint32_t count);
int write_region(uint32_t region, uint64_t offset, const void *data, uint32_t count);
void post(uint64_t offset, uint32_t value);
uint64_t get(uint64_t offset, int bytes);
void put(uint64_t offset, uint64_t value, int bytes);

/* tests.c */
void test_round_trips(void);
void test_bulk(void);
void test_interrupts(const int *events);
void test_dma(void);
void test_dma_messages(void);
void test_migration(void);

/* floor.c */
void measure_floor(int cpu, int other_cpu);

#endif
