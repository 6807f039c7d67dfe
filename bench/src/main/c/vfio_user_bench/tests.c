/* The measurements of a server. */
#include "bench.h"

#include <poll.h>

void test_round_trips(void)
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

void test_bulk(void)
{
    transfers("region_read_4K", false, 4 * KIB, 128 * MIB);
    transfers("region_read_64K", false, 64 * KIB, 512 * MIB);
    transfers("region_read_1M", false, MIB, 1024 * MIB);
    transfers("region_write_4K", true, 4 * KIB, 128 * MIB);
    transfers("region_write_64K", true, 64 * KIB, 512 * MIB);
    transfers("region_write_1M", true, MIB, 1024 * MIB);
}

void test_interrupts(const int *events)
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

void test_dma(void)
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

void test_dma_messages(void)
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
void test_migration(void)
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
