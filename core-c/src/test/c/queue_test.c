/* SPDX-License-Identifier: Apache-2.0 */
/* The queues against a GSP that is played here: a good one, and hostile ones. */
#include "check.h"
#include "gsp_queue.h"
#include "rm.h"

#define MESSAGES 400

/* The host's memory, and nothing else. */
static uint32_t read32(void *context, uint32_t region, uint64_t offset) {
    (void)context, (void)region, (void)offset;
    return 0;
}

static void write32(void *context, uint32_t region, uint64_t offset, uint32_t value) {
    (void)region, (void)offset, (void)value;
    ++*(uint32_t *)context;
}

static int allocate(void *context, uint64_t bytes, void **cpu, uint64_t *iova) {
    (void)context;
    *cpu = aligned_alloc(PAGE_BYTES, bytes);
    CHECK(*cpu != NULL);
    memset(*cpu, 0, bytes);
    *iova = (uint64_t)(uintptr_t)*cpu;
    return 0;
}

static void release(void *context, uint64_t iova) {
    (void)context;
    free((void *)(uintptr_t)iova);
}

static uint32_t doorbells;
static const struct nacre_platform PLATFORM = {
    .size = sizeof PLATFORM, .version = NACRE_CORE_VERSION, .context = &doorbells, .read32 = read32, .write32 = write32,
    .dma_alloc = allocate, .dma_free = release};

/* The GSP's side. */
struct peer {
    struct gsp_queue *queue;
    uint32_t read;
    uint32_t write;
    uint32_t sequence;
    uint32_t expected;
};

static uint8_t *element(uint8_t *queue, uint32_t index) {
    return queue + ELEMENT_BYTES * (1 + index);
}

/* Takes the next command: how many bytes of payload, or -1 if there is none. */
static int64_t peer_take(struct peer *peer, uint8_t *payload, uint32_t *function) {
    uint8_t record[RECORD_MAX_BYTES];
    uint8_t *command = peer->queue->command;
    if (get32(command + QUEUE_WRITE_PTR) == peer->read) {
        return -1;
    }
    uint32_t count = get32(element(command, peer->read) + ELEMENT_COUNT);
    CHECK(count >= 1 && count <= RECORD_MAX_ELEMENTS);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(record + i * ELEMENT_BYTES, element(command, (peer->read + i) % peer->queue->elements), ELEMENT_BYTES);
    }
    const uint8_t *rpc = record + ELEMENT_HEADER_BYTES;
    uint32_t length = get32(rpc + RPC_HEADER_LENGTH);
    CHECK(get32(record + ELEMENT_SEQUENCE) == peer->expected++);
    CHECK(count == (ELEMENT_HEADER_BYTES + length + ELEMENT_BYTES - 1) / ELEMENT_BYTES);
    CHECK(gsp_checksum(record, (uint32_t)align_up(ELEMENT_HEADER_BYTES + length, 8)) == 0);
    *function = get32(rpc + RPC_HEADER_FUNCTION);
    memcpy(payload, rpc + RPC_HEADER_BYTES, length - RPC_HEADER_BYTES);
    peer->read = (peer->read + count) % peer->queue->elements;
    put32(peer->queue->status + QUEUE_READ_PTR, peer->read);
    return (int64_t)length - RPC_HEADER_BYTES;
}

/* Builds a good record: how many elements. */
static uint32_t build(uint8_t *record, uint32_t sequence, uint32_t function, const uint8_t *payload, uint32_t bytes) {
    uint32_t length = RPC_HEADER_BYTES + bytes;
    uint32_t count = (ELEMENT_HEADER_BYTES + length + ELEMENT_BYTES - 1) / ELEMENT_BYTES;
    uint8_t *rpc = record + ELEMENT_HEADER_BYTES;
    memset(record, 0, (size_t)count * ELEMENT_BYTES);
    put32(record + ELEMENT_SEQUENCE, sequence);
    put32(record + ELEMENT_COUNT, count);
    put32(rpc + RPC_HEADER_VERSION, RPC_VERSION_3);
    put32(rpc + RPC_HEADER_SIGNATURE, RPC_SIGNATURE_VRPC);
    put32(rpc + RPC_HEADER_LENGTH, length);
    put32(rpc + RPC_HEADER_FUNCTION, function);
    memcpy(rpc + RPC_HEADER_BYTES, payload, bytes);
    put32(record + ELEMENT_CHECKSUM, gsp_checksum(record, (uint32_t)align_up(ELEMENT_HEADER_BYTES + length, 8)));
    return count;
}

static void enter(struct peer *peer, const uint8_t *record, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        memcpy(element(peer->queue->status, (peer->write + i) % peer->queue->elements), record + i * ELEMENT_BYTES,
               ELEMENT_BYTES);
    }
    peer->write = (peer->write + count) % peer->queue->elements;
    put32(peer->queue->status + QUEUE_WRITE_PTR, peer->write);
}

static void fill(uint8_t *bytes, uint32_t count, uint64_t *seed) {
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)next_random(seed);
    }
}

static void messages_of_all_sizes_pass_both_ways(void) {
    static uint8_t sent[RECORD_MAX_PAYLOAD];
    static uint8_t got[RECORD_MAX_BYTES];
    static uint8_t record[RECORD_MAX_BYTES];
    static uint8_t buffer[RECORD_MAX_BYTES];
    struct gsp_queue queue;
    struct gsp_record found;
    uint64_t seed = 77;
    CHECK(gsp_queue_create(&queue, &PLATFORM) == 0);
    struct peer peer = {.queue = &queue};
    for (uint32_t i = 0; i < MESSAGES; i++) {
        uint32_t bytes = i < 64 ? i : (uint32_t)(next_random(&seed) % (RECORD_MAX_PAYLOAD + 1));
        uint32_t function = 0;
        fill(sent, bytes, &seed);
        CHECK(gsp_queue_send(&queue, 100 + i, i, sent, bytes) == 0);
        CHECK(peer_take(&peer, got, &function) == bytes && function == 100 + i && memcmp(sent, got, bytes) == 0);
        CHECK(gsp_queue_receive(&queue, buffer, &found) == 0);
        enter(&peer, record, build(record, peer.sequence++, 200 + i, sent, bytes));
        CHECK(gsp_queue_receive(&queue, buffer, &found) == 1);
        CHECK(found.function == 200 + i && found.bytes == bytes && memcmp(found.payload, sent, bytes) == 0);
    }
    CHECK(doorbells == MESSAGES);
    gsp_queue_destroy(&queue);
}

static void long_message_is_cut_and_continued(void) {
    uint32_t bytes = 2 * RECORD_MAX_PAYLOAD + 1000;
    uint8_t *sent = malloc(bytes);
    uint8_t *got = malloc(bytes + RECORD_MAX_BYTES);
    uint32_t expected[] = {RPC_GSP_RM_CONTROL, RPC_CONTINUATION_RECORD, RPC_CONTINUATION_RECORD};
    struct gsp_queue queue;
    uint64_t seed = 5;
    CHECK(sent != NULL && got != NULL && gsp_queue_create(&queue, &PLATFORM) == 0);
    struct peer peer = {.queue = &queue};
    fill(sent, bytes, &seed);
    CHECK(gsp_queue_send(&queue, RPC_GSP_RM_CONTROL, 1, sent, bytes) == 0);
    uint64_t done = 0;
    for (int i = 0; i < 3; i++) {
        uint32_t function = 0;
        int64_t count = peer_take(&peer, got + done, &function);
        CHECK(count > 0 && function == expected[i]);
        done += (uint64_t)count;
    }
    CHECK(done == bytes && memcmp(sent, got, bytes) == 0);
    gsp_queue_destroy(&queue);
    free(sent);
    free(got);
}

/* One field of a good record is made bad; it must be refused. */
static void bad_record_is_refused(uint32_t offset, uint32_t value, bool keep_checksum) {
    static uint8_t record[RECORD_MAX_BYTES];
    static uint8_t buffer[RECORD_MAX_BYTES];
    uint8_t payload[100] = {1, 2, 3};
    struct gsp_queue queue;
    struct gsp_record found;
    CHECK(gsp_queue_create(&queue, &PLATFORM) == 0);
    struct peer peer = {.queue = &queue};
    uint32_t count = build(record, 0, 1, payload, sizeof payload);
    put32(record + offset, value);
    if (!keep_checksum) {
        put32(record + ELEMENT_CHECKSUM, 0);
        put32(record + ELEMENT_CHECKSUM, gsp_checksum(record, ELEMENT_BYTES));
    }
    enter(&peer, record, count);
    CHECK(gsp_queue_receive(&queue, buffer, &found) == NACRE_ERR_IO);
    gsp_queue_destroy(&queue);
}

static void hostile_records_are_refused(void) {
    const uint32_t rpc = ELEMENT_HEADER_BYTES;
    uint32_t lengths[] = {0, RPC_HEADER_BYTES - 1, ELEMENT_BYTES, RECORD_MAX_BYTES, UINT32_MAX, UINT32_MAX - 47};
    uint32_t counts[] = {0, 2, 17, 63, UINT32_MAX};
    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
        bad_record_is_refused(rpc + RPC_HEADER_LENGTH, lengths[i], false);
    }
    for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
        bad_record_is_refused(ELEMENT_COUNT, counts[i], false);
    }
    bad_record_is_refused(ELEMENT_SEQUENCE, 3, false);
    bad_record_is_refused(rpc + RPC_HEADER_SIGNATURE, 0, false);
    bad_record_is_refused(rpc + RPC_HEADER_VERSION, 0, false);
    bad_record_is_refused(rpc + RPC_HEADER_BYTES, 9, true);
}

static void hostile_positions_are_refused(void) {
    static uint8_t buffer[RECORD_MAX_BYTES];
    struct gsp_queue queue;
    struct gsp_record found;
    CHECK(gsp_queue_create(&queue, &PLATFORM) == 0);
    put32(queue.status + QUEUE_WRITE_PTR, queue.elements);
    CHECK(gsp_queue_receive(&queue, buffer, &found) == NACRE_ERR_IO);
    put32(queue.status + QUEUE_READ_PTR, UINT32_MAX);
    CHECK(gsp_queue_send(&queue, 1, 1, buffer, 8) == NACRE_ERR_IO);
    gsp_queue_destroy(&queue);
}

static void garbage_never_reads_out_of_bounds(void) {
    static uint8_t buffer[RECORD_MAX_BYTES];
    struct gsp_queue queue;
    struct gsp_record found;
    uint64_t seed = 99;
    CHECK(gsp_queue_create(&queue, &PLATFORM) == 0);
    for (int i = 0; i < 2000; i++) {
        uint8_t *head = element(queue.status, queue.read);
        fill(head, 128, &seed);
        put32(head + ELEMENT_COUNT, (uint32_t)(next_random(&seed) % 18));
        put32(head + ELEMENT_HEADER_BYTES + RPC_HEADER_LENGTH, (uint32_t)(next_random(&seed) % 70000));
        put32(queue.status + QUEUE_WRITE_PTR, (uint32_t)(next_random(&seed) % 64));
        int got = gsp_queue_receive(&queue, buffer, &found);
        CHECK(got == 0 || got == NACRE_ERR_IO);
    }
    gsp_queue_destroy(&queue);
}

int main(void) {
    messages_of_all_sizes_pass_both_ways();
    long_message_is_cut_and_continued();
    hostile_records_are_refused();
    hostile_positions_are_refused();
    garbage_never_reads_out_of_bounds();
    return 0;
}
