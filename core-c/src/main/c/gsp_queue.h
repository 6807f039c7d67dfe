/* SPDX-License-Identifier: Apache-2.0 */
/* The two queues between driver and GSP, record by record. One thread at a time sends, one receives. */
#ifndef NACRE_GSP_QUEUE_H
#define NACRE_GSP_QUEUE_H

#include "gsp_abi.h"
#include "platform.h"

struct gsp_queue {
    const struct nacre_platform *platform;
    struct dma_memory shared; /* list of pages, command queue, status queue */
    uint8_t *command;
    uint8_t *status;
    uint32_t elements;
    uint32_t write;            /* next element to be sent */
    uint32_t read;             /* next element to be received */
    uint32_t send_sequence;
    uint32_t receive_sequence;
    bool is_sequence_unknown;  /* the GSP may count anew: it was resumed */
    /* Called while a sender waits for room, since a GSP that cannot answer takes no commands; may be NULL. */
    void (*while_waiting)(void *context);
    void *context;
};

/* What a record holds, in a buffer of the receiver's. */
struct gsp_record {
    uint32_t function;
    uint32_t result;
    uint32_t sequence;
    const uint8_t *payload;
    uint32_t bytes;
};

#define SHARED_COMMAND PAGE_BYTES
#define SHARED_STATUS (SHARED_COMMAND + QUEUE_BYTES)
#define SHARED_PAGES (1 + 2 * QUEUE_BYTES / PAGE_BYTES)

int gsp_queue_create(struct gsp_queue *queue, const struct nacre_platform *platform);
void gsp_queue_destroy(struct gsp_queue *queue);

/*
 * Sends a message, in several records if it is long. Waits for room; NACRE_ERR_TIMED_OUT if there is none in time,
 * NACRE_ERR_IO if the GSP's position is impossible.
 */
int gsp_queue_send(struct gsp_queue *queue, uint32_t function, uint32_t sequence, const void *payload, uint64_t bytes);

/*
 * Receives the next record into a buffer of RECORD_MAX_BYTES: 1 if there was one, 0 if not, NACRE_ERR_IO if the GSP
 * wrote what it must not.
 */
int gsp_queue_receive(struct gsp_queue *queue, uint8_t *buffer, struct gsp_record *record);

/* The exclusive or of all 64-bit words, folded; 0 for a record that holds its own. */
uint32_t gsp_checksum(const uint8_t *bytes, uint32_t count);

#endif
