/* SPDX-License-Identifier: Apache-2.0 */
#include "gsp_queue.h"

#include "error.h"
#include "regs.h"
#include "rm.h"

/* TIMEOUT: how long the GSP may take to make room; it answers in milliseconds. Pauses as while a register is polled. */
#define ROOM_MS 4000u
#define ROOM_PAUSE_US 50u

static uint32_t load(const uint8_t *at) {
    /* ORDERING: what a position covers is read after it. */
    return __atomic_load_n((const uint32_t *)(const void *)at, __ATOMIC_ACQUIRE);
}

static void store(uint8_t *at, uint32_t value) {
    /* ORDERING: what a position covers is written, or was read, before it. */
    __atomic_store_n((uint32_t *)(void *)at, value, __ATOMIC_RELEASE);
}

int gsp_queue_create(struct gsp_queue *queue, const struct nacre_platform *platform) {
    *queue = (struct gsp_queue){.platform = platform, .elements = QUEUE_BYTES / ELEMENT_BYTES - 1};
    int error = dma_alloc(platform, &queue->shared, (uint64_t)SHARED_PAGES * PAGE_BYTES);
    if (error < 0) {
        return error;
    }
    for (uint32_t i = 0; i < SHARED_PAGES; i++) {
        put64(queue->shared.cpu + 8 * i, queue->shared.iova + (uint64_t)i * PAGE_BYTES);
    }
    queue->command = queue->shared.cpu + SHARED_COMMAND;
    queue->status = queue->shared.cpu + SHARED_STATUS;
    put32(queue->command + QUEUE_SIZE, QUEUE_BYTES);
    put32(queue->command + QUEUE_MSG_SIZE, ELEMENT_BYTES);
    put32(queue->command + QUEUE_MSG_COUNT, queue->elements);
    put32(queue->command + QUEUE_FLAGS, QUEUE_FLAGS_SWAP_RX);
    put32(queue->command + QUEUE_RX_HDR_OFF, QUEUE_READ_PTR);
    put32(queue->command + QUEUE_ENTRY_OFF, ELEMENT_BYTES);
    return 0;
}

void gsp_queue_destroy(struct gsp_queue *queue) {
    if (queue->platform != NULL) {
        dma_free(queue->platform, &queue->shared);
    }
}

uint32_t gsp_checksum(const uint8_t *bytes, uint32_t count) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i += 8) {
        sum ^= get64(bytes + i);
    }
    return (uint32_t)(sum >> 32) ^ (uint32_t)sum;
}

static int await_room(struct gsp_queue *queue, uint32_t wanted) {
    uint64_t end = now_ns() + (uint64_t)ROOM_MS * 1000000u;
    for (;;) {
        uint32_t taken = load(queue->status + QUEUE_READ_PTR);
        if (taken >= queue->elements) {
            return fail(NACRE_ERR_IO, "GSP's position in the command queue is impossible: position=%u", taken);
        }
        uint32_t room = (taken + queue->elements - queue->write - 1) % queue->elements;
        if (room >= wanted) {
            return 0;
        }
        if (now_ns() >= end) {
            return fail(NACRE_ERR_TIMED_OUT, "GSP takes no commands: waited=%ums", ROOM_MS);
        }
        if (queue->while_waiting != NULL) {
            queue->while_waiting(queue->context);
        }
        pause_us(ROOM_PAUSE_US);
    }
}

static uint8_t *element(uint8_t *queue, uint32_t index) {
    return queue + ELEMENT_BYTES * (1 + index);
}

/* Copies a part of a record to its place in the elements from the next one on. */
static void put_bytes(struct gsp_queue *queue, uint32_t at, const void *from, uint32_t bytes) {
    const uint8_t *source = from;
    while (bytes > 0) {
        uint32_t index = (queue->write + at / ELEMENT_BYTES) % queue->elements;
        uint32_t offset = at % ELEMENT_BYTES;
        uint32_t count = ELEMENT_BYTES - offset < bytes ? ELEMENT_BYTES - offset : bytes;
        memcpy(element(queue->command, index) + offset, source, count);
        at += count;
        source += count;
        bytes -= count;
    }
}

static int send_record(struct gsp_queue *queue, uint32_t function, uint32_t sequence, const uint8_t *payload,
                       uint32_t bytes) {
    uint32_t whole = ELEMENT_HEADER_BYTES + RPC_HEADER_BYTES + bytes;
    uint32_t count = (whole + ELEMENT_BYTES - 1) / ELEMENT_BYTES;
    int error = await_room(queue, count);
    if (error < 0) {
        return error;
    }
    uint8_t header[ELEMENT_HEADER_BYTES + RPC_HEADER_BYTES] = {0};
    uint8_t *rpc = header + ELEMENT_HEADER_BYTES;
    put32(header + ELEMENT_SEQUENCE, queue->send_sequence++);
    put32(header + ELEMENT_COUNT, count);
    put32(rpc + RPC_HEADER_VERSION, RPC_VERSION_3);
    put32(rpc + RPC_HEADER_SIGNATURE, RPC_SIGNATURE_VRPC);
    put32(rpc + RPC_HEADER_LENGTH, RPC_HEADER_BYTES + bytes);
    put32(rpc + RPC_HEADER_FUNCTION, function);
    put32(rpc + RPC_HEADER_RESULT, UINT32_MAX);
    put32(rpc + RPC_HEADER_RESULT_PRIVATE, UINT32_MAX);
    put32(rpc + RPC_HEADER_SEQUENCE, sequence);
    uint8_t tail[8] = {0};
    uint32_t even = bytes & ~7u;
    memcpy(tail, payload + even, bytes - even);
    uint32_t checksum = gsp_checksum(header, sizeof header) ^ gsp_checksum(payload, even) ^ gsp_checksum(tail, 8);
    put32(header + ELEMENT_CHECKSUM, checksum);
    put_bytes(queue, 0, header, sizeof header);
    put_bytes(queue, sizeof header, payload, even);
    put_bytes(queue, sizeof header + even, tail, bytes > even ? 8 : 0);
    queue->write = (queue->write + count) % queue->elements;
    store(queue->command + QUEUE_WRITE_PTR, queue->write);
    wr32(queue->platform, NV_PGSP_QUEUE_HEAD, 0);
    return 0;
}

int gsp_queue_send(struct gsp_queue *queue, uint32_t function, uint32_t sequence, const void *payload, uint64_t bytes) {
    const uint8_t *from = payload;
    int error = 0;
    do {
        uint32_t count = bytes < RECORD_MAX_PAYLOAD ? (uint32_t)bytes : RECORD_MAX_PAYLOAD;
        error = send_record(queue, function, sequence, from, count);
        function = RPC_CONTINUATION_RECORD;
        from += count;
        bytes -= count;
    } while (error >= 0 && bytes > 0);
    return error;
}

static int broken(const char *what, uint32_t value) {
    return fail(NACRE_ERR_IO, "GSP's record is impossible: %s=0x%x", what, value);
}

/* Checks a record that has been copied whole. */
static int check(struct gsp_queue *queue, const uint8_t *buffer, uint32_t length) {
    const uint8_t *rpc = buffer + ELEMENT_HEADER_BYTES;
    if (get32(rpc + RPC_HEADER_VERSION) != RPC_VERSION_3 || get32(rpc + RPC_HEADER_SIGNATURE) != RPC_SIGNATURE_VRPC) {
        return broken("signature", get32(rpc + RPC_HEADER_SIGNATURE));
    }
    if (gsp_checksum(buffer, (uint32_t)align_up(ELEMENT_HEADER_BYTES + length, 8)) != 0) {
        return broken("checksum", get32(buffer + ELEMENT_CHECKSUM));
    }
    uint32_t sequence = get32(buffer + ELEMENT_SEQUENCE);
    if (sequence != queue->receive_sequence && !queue->is_sequence_unknown) {
        return broken("sequence", sequence);
    }
    queue->receive_sequence = sequence + 1;
    queue->is_sequence_unknown = false;
    return 0;
}

int gsp_queue_receive(struct gsp_queue *queue, uint8_t *buffer, struct gsp_record *record) {
    uint32_t write = load(queue->status + QUEUE_WRITE_PTR);
    if (write >= queue->elements) {
        return broken("position", write);
    }
    uint32_t there = (write + queue->elements - queue->read) % queue->elements;
    if (there == 0) {
        return 0;
    }
    memcpy(buffer, element(queue->status, queue->read), ELEMENT_BYTES);
    const uint8_t *rpc = buffer + ELEMENT_HEADER_BYTES;
    uint32_t count = get32(buffer + ELEMENT_COUNT);
    uint32_t length = get32(rpc + RPC_HEADER_LENGTH);
    if (count == 0 || count > RECORD_MAX_ELEMENTS || count > there) {
        return broken("elements", count);
    }
    if (length < RPC_HEADER_BYTES || length > count * ELEMENT_BYTES - ELEMENT_HEADER_BYTES) {
        return broken("length", length);
    }
    for (uint32_t i = 1; i < count; i++) {
        memcpy(buffer + i * ELEMENT_BYTES, element(queue->status, (queue->read + i) % queue->elements), ELEMENT_BYTES);
    }
    int error = check(queue, buffer, length);
    if (error < 0) {
        return error;
    }
    queue->read = (queue->read + count) % queue->elements;
    store(queue->command + QUEUE_READ_PTR, queue->read);
    *record = (struct gsp_record){
        .function = get32(rpc + RPC_HEADER_FUNCTION),
        .result = get32(rpc + RPC_HEADER_RESULT),
        .sequence = get32(rpc + RPC_HEADER_SEQUENCE),
        .payload = rpc + RPC_HEADER_BYTES,
        .bytes = length - RPC_HEADER_BYTES,
    };
    return 1;
}
