/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the GSP's firmware, and the events that it sends. Any thread; one call at a time. */
#ifndef NACRE_RPC_H
#define NACRE_RPC_H

#include "gsp_queue.h"

#include <pthread.h>

/* What is told of the GSP's own messages; by a thread that holds the queue's lock: it must not call. */
struct rpc_listener {
    void *context;
    /* A channel failed. */
    void (*channel_failed)(void *context, uint32_t channel_id);
    /* A virtual GPU's plugin, by its function's number, has something to say. */
    void (*plugin_triggered)(void *context, uint32_t gfid, uint32_t index);
    /* How busy the engines were: GPUACCT_PERFMON_UTIL_SAMPLES as it came. */
    void (*samples)(void *context, const uint8_t *payload, uint32_t bytes);
    /* The firmware asks for register accesses, while it starts. */
    int (*run_sequencer)(void *sequencer_context, const uint8_t *payload, uint32_t bytes);
    void *sequencer_context;
};

/* A call that waits for its reply. Guarded by the queue's lock. */
struct rpc_pending {
    bool is_active;
    bool is_done;
    uint32_t function;
    uint32_t sequence;
    uint32_t result;
    uint8_t *reply;
    uint64_t wanted; /* bytes of a reply that is whole */
    uint64_t bytes;  /* that are there */
};

struct rpc {
    const struct nacre_platform *platform;
    struct rpc_listener listener;
    struct gsp_queue queue;
    pthread_mutex_t call_lock;  /* one call at a time */
    pthread_mutex_t queue_lock; /* the status queue, and what follows */
    pthread_cond_t changed;
    struct rpc_pending pending;
    uint32_t next_sequence;
    bool is_init_done;
    int broken; /* an error: the GSP does not answer any more, or not sensibly */
    uint8_t *record;
};

int rpc_create(struct rpc *rpc, const struct nacre_platform *platform, const struct rpc_listener *listener);
void rpc_destroy(struct rpc *rpc);

/* Sends a message that has no reply. */
int rpc_send(struct rpc *rpc, uint32_t function, const void *payload, uint64_t bytes);

/*
 * Calls: the reply takes the message's place, as many bytes. NACRE_ERR_TIMED_OUT if there is none; NACRE_ERR_IO if the
 * firmware refuses, with what it said in *result if that is not NULL.
 */
int rpc_call(struct rpc *rpc, uint32_t function, void *message, uint64_t bytes, uint32_t *result);

/* Takes what the GSP has sent. */
void rpc_serve(struct rpc *rpc);

/* Waits until the firmware has started. */
int rpc_await_init_done(struct rpc *rpc, uint32_t timeout_ms);

/* Forgets that it has started, for a resume. */
void rpc_expect_restart(struct rpc *rpc);

/* The error that makes all calls fail, or 0. */
int rpc_broken(struct rpc *rpc);

/* Has all calls fail from now on. */
void rpc_break(struct rpc *rpc, int error);

#endif
