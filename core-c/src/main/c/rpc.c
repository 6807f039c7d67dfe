/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc.h"

#include "error.h"
#include "rm.h"
#include "thread.h"
#include "vgpu_abi.h"

#include <stdio.h>
#include <stdlib.h>

/* TIMEOUT: what other drivers grant the firmware for a call, and some more. A reply raises no interrupt, so the queue
 * is looked at: soon at first, then each millisecond. */
#define CALL_MS 6000u
#define LOOK_FIRST_NS 20000u
#define LOOK_LONGEST_NS 1000000u
/* Records that are taken at a time: more than the queue holds. */
#define RECORDS_AT_ONCE 128

static void serve_locked(struct rpc *rpc);

static void serve_while_waiting(void *context) {
    serve_locked(context);
}

int rpc_create(struct rpc *rpc, const struct nacre_platform *platform, const struct rpc_listener *listener) {
    *rpc = (struct rpc){.platform = platform, .listener = *listener};
    pthread_mutex_init(&rpc->call_lock, NULL);
    pthread_mutex_init(&rpc->queue_lock, NULL);
    condition_init(&rpc->changed);
    rpc->record = malloc(RECORD_MAX_BYTES);
    int error = rpc->record == NULL ? fail(NACRE_ERR_NO_MEMORY, "No memory for records") : 0;
    if (error >= 0) {
        error = gsp_queue_create(&rpc->queue, platform);
    }
    if (error < 0) {
        rpc_destroy(rpc);
        return error;
    }
    rpc->queue.while_waiting = serve_while_waiting;
    rpc->queue.context = rpc;
    return 0;
}

void rpc_destroy(struct rpc *rpc) {
    if (rpc->platform == NULL) {
        return;
    }
    gsp_queue_destroy(&rpc->queue);
    free(rpc->record);
    pthread_cond_destroy(&rpc->changed);
    pthread_mutex_destroy(&rpc->queue_lock);
    pthread_mutex_destroy(&rpc->call_lock);
    *rpc = (struct rpc){0};
}

/* Text of the firmware's, of which only what can be printed stays. */
static void log_text(struct rpc *rpc, const uint8_t *payload, uint32_t bytes) {
    char text[RPC_OS_ERROR_LOG_TEXT_BYTES + 1] = "";
    if (bytes < RPC_OS_ERROR_LOG_TEXT) {
        return;
    }
    uint32_t there = bytes - RPC_OS_ERROR_LOG_TEXT;
    for (uint32_t i = 0; i < there && i < RPC_OS_ERROR_LOG_TEXT_BYTES && payload[RPC_OS_ERROR_LOG_TEXT + i]; i++) {
        char c = (char)payload[RPC_OS_ERROR_LOG_TEXT + i];
        text[i] = c >= ' ' && c <= '~' ? c : '.';
    }
    platform_log(rpc->platform, LOG_WARNING, "Xid:%u %s", get32(payload + RPC_OS_ERROR_LOG_EXCEPT_TYPE), text);
}

static int take_event(struct rpc *rpc, const struct gsp_record *record) {
    switch (record->function) {
    case RPC_EVENT_GSP_INIT_DONE:
        rpc->is_init_done = true;
        return record->result == 0 ? 0 : fail(NACRE_ERR_IO, "Firmware failed to start: result=0x%x", record->result);
    case RPC_EVENT_GSP_RUN_CPU_SEQUENCER:
        return rpc->is_init_done
                   ? 0
                   : rpc->listener.run_sequencer(rpc->listener.sequencer_context, record->payload, record->bytes);
    case RPC_EVENT_RC_TRIGGERED:
        if (record->bytes >= RPC_RC_TRIGGERED_CHANNEL_ID + 4) {
            rpc->listener.channel_failed(rpc->listener.context, get32(record->payload + RPC_RC_TRIGGERED_CHANNEL_ID));
        }
        return 0;
    case RPC_EVENT_VGPU_GSP_PLUGIN_TRIGGERED:
        if (record->bytes >= PLUGIN_TRIGGERED_BYTES) {
            rpc->listener.plugin_triggered(rpc->listener.context, get32(record->payload + PLUGIN_TRIGGERED_GFID),
                                           get32(record->payload + PLUGIN_TRIGGERED_INDEX));
        }
        return 0;
    case RPC_EVENT_PERFMON_UTIL_SAMPLES:
        rpc->listener.samples(rpc->listener.context, record->payload, record->bytes);
        return 0;
    case RPC_EVENT_OS_ERROR_LOG:
        log_text(rpc, record->payload, record->bytes);
        return 0;
    default:
        /* Others are for drivers of engines that the core leaves alone. */
        return 0;
    }
}

/* Takes a part of the reply that is waited for. */
static int take_reply(struct rpc *rpc, const struct gsp_record *record) {
    struct rpc_pending *call = &rpc->pending;
    bool is_first = call->bytes == 0 && record->function == call->function &&
                    (record->sequence == call->sequence || record->sequence == 0);
    bool continues = call->bytes > 0 && record->function == RPC_CONTINUATION_RECORD;
    if (!call->is_active || call->is_done || (!is_first && !continues)) {
        platform_log(rpc->platform, LOG_DEBUG, "GSP sent what nobody waits for: function=%u", record->function);
        return 0;
    }
    uint64_t room = call->wanted - call->bytes;
    uint64_t bytes = record->bytes < room ? record->bytes : room;
    if (bytes > 0) {
        memcpy(call->reply + call->bytes, record->payload, bytes);
    }
    call->bytes += bytes;
    if (is_first) {
        call->result = record->result;
    }
    /* What is refused may be short; what is not has other records to come, each of them long. */
    call->is_done = call->bytes == call->wanted || call->result != 0;
    if (!call->is_done && (record->bytes < RECORD_MAX_PAYLOAD / 2)) {
        call->is_done = true;
    }
    return 0;
}

/* With the queue's lock. */
static void serve_locked(struct rpc *rpc) {
    struct gsp_record record;
    for (int i = 0; i < RECORDS_AT_ONCE && rpc->broken == 0; i++) {
        int got = gsp_queue_receive(&rpc->queue, rpc->record, &record);
        if (got == 0) {
            break;
        }
        int error = got < 0                          ? got
                    : record.function >= RPC_EVENTS ? take_event(rpc, &record)
                                                     : take_reply(rpc, &record);
        if (error < 0) {
            char reason[160];
            error_last(reason, sizeof reason);
            platform_log(rpc->platform, LOG_ERROR, "GSP is not listened to any more: %s", reason);
            rpc->broken = error;
        }
    }
    pthread_cond_broadcast(&rpc->changed);
}

void rpc_serve(struct rpc *rpc) {
    pthread_mutex_lock(&rpc->queue_lock);
    serve_locked(rpc);
    pthread_mutex_unlock(&rpc->queue_lock);
}

void rpc_break(struct rpc *rpc, int error) {
    pthread_mutex_lock(&rpc->queue_lock);
    if (rpc->broken == 0) {
        rpc->broken = error;
    }
    pthread_cond_broadcast(&rpc->changed);
    pthread_mutex_unlock(&rpc->queue_lock);
}

int rpc_broken(struct rpc *rpc) {
    pthread_mutex_lock(&rpc->queue_lock);
    int error = rpc->broken;
    pthread_mutex_unlock(&rpc->queue_lock);
    return error;
}

static int broken(const struct rpc *rpc) {
    return fail(rpc->broken == NACRE_ERR_IO ? NACRE_ERR_IO : NACRE_ERR_GONE, "GSP does not answer any more: error=%d",
                rpc->broken);
}

/* Serves the queue until a flag is set. With the queue's lock. */
static int await(struct rpc *rpc, const bool *flag, uint32_t timeout_ms, const char *what) {
    uint64_t end = now_ns() + (uint64_t)timeout_ms * 1000000u;
    uint64_t look = LOOK_FIRST_NS;
    for (;;) {
        bool late = now_ns() >= end;
        serve_locked(rpc);
        if (*flag) {
            return 0;
        }
        if (rpc->broken != 0) {
            return broken(rpc);
        }
        if (platform_gone(rpc->platform)) {
            return fail(NACRE_ERR_GONE, "GPU has gone: %s", what);
        }
        if (late) {
            rpc->broken = NACRE_ERR_TIMED_OUT;
            return fail(NACRE_ERR_TIMED_OUT, "GSP does not answer: %s after=%ums", what, timeout_ms);
        }
        condition_wait_ns(&rpc->changed, &rpc->queue_lock, look);
        look = look < LOOK_LONGEST_NS ? 2 * look : LOOK_LONGEST_NS;
    }
}

int rpc_send(struct rpc *rpc, uint32_t function, const void *payload, uint64_t bytes) {
    pthread_mutex_lock(&rpc->queue_lock);
    int error = gsp_queue_send(&rpc->queue, function, ++rpc->next_sequence, payload, bytes);
    pthread_mutex_unlock(&rpc->queue_lock);
    return error;
}

/* Sends a message and waits for its reply. With both locks. */
static int call_locked(struct rpc *rpc, uint32_t function, void *message, uint64_t bytes, uint32_t *result) {
    if (rpc->broken != 0) {
        return broken(rpc);
    }
    rpc->pending = (struct rpc_pending){
        .is_active = true, .function = function, .sequence = ++rpc->next_sequence, .reply = message, .wanted = bytes};
    int error = gsp_queue_send(&rpc->queue, function, rpc->pending.sequence, message, bytes);
    if (error < 0 && rpc->broken == 0) {
        rpc->broken = error;
    }
    if (error >= 0) {
        char what[32];
        snprintf(what, sizeof what, "function=%u", function);
        error = await(rpc, &rpc->pending.is_done, CALL_MS, what);
    }
    uint32_t said = rpc->pending.result;
    bool is_short = rpc->pending.bytes < bytes && function != RPC_UNLOADING_GUEST_DRIVER;
    rpc->pending = (struct rpc_pending){0};
    if (error < 0) {
        return error;
    }
    if (result != NULL) {
        *result = said;
    }
    if (said != 0) {
        return fail(NACRE_ERR_IO, "Firmware refuses: function=%u result=0x%x", function, said);
    }
    return is_short ? fail(NACRE_ERR_IO, "GSP's reply is too short: function=%u", function) : 0;
}

int rpc_call(struct rpc *rpc, uint32_t function, void *message, uint64_t bytes, uint32_t *result) {
    pthread_mutex_lock(&rpc->call_lock);
    pthread_mutex_lock(&rpc->queue_lock);
    int error = call_locked(rpc, function, message, bytes, result);
    pthread_mutex_unlock(&rpc->queue_lock);
    pthread_mutex_unlock(&rpc->call_lock);
    return error;
}

int rpc_await_init_done(struct rpc *rpc, uint32_t timeout_ms) {
    pthread_mutex_lock(&rpc->queue_lock);
    int error = await(rpc, &rpc->is_init_done, timeout_ms, "start of the firmware");
    pthread_mutex_unlock(&rpc->queue_lock);
    return error;
}

void rpc_expect_restart(struct rpc *rpc) {
    pthread_mutex_lock(&rpc->queue_lock);
    rpc->is_init_done = false;
    rpc->queue.is_sequence_unknown = true;
    pthread_mutex_unlock(&rpc->queue_lock);
}
