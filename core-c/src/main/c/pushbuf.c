/* SPDX-License-Identifier: Apache-2.0 */
/* What runs on channels: commands in, interrupts out. */
#include "ce_channel.h"

#include "error.h"
#include "regs.h"
#include "rm.h"

/* TIMEOUT: how long a begin waits for the GPU. Interrupts wake it; a piece that asks for its own interrupt may end a
 * little after that, so that the waiters look each millisecond. */
#define ROOM_MS 4000u
#define LOOK_NS 1000000u
#define USERD_OFFSET PAGE_BYTES

/* Whether a channel can take work. With the lock of channels. */
static int check(struct ce_channel *channel) {
    push_ring_update(&channel->ring);
    return channel->is_failed || channel->ring.is_broken
               ? fail(NACRE_ERR_IO, "Channel has failed: id=%u", channel->id)
               : 0;
}

static int try_begin(struct ce_channel *channel, struct channels *channels, uint32_t dwords) {
    pthread_mutex_lock(&channels->lock);
    int error = check(channel);
    if (error >= 0) {
        error = push_ring_begin(&channel->ring, dwords);
    }
    pthread_mutex_unlock(&channels->lock);
    return error;
}

/* Enters a channel's core for an operation on its commands. */
static int enter(struct nacre_ce_channel *handle, struct core **core, struct ce_channel **channel) {
    void *found;
    int error = object_enter(handle, HANDLE_CE_CHANNEL, NACRE_CAP_PUSHBUF_SUBMIT, true, core, &found);
    if (error >= 0) {
        *channel = found;
    }
    return error;
}

int ce_channel_begin(struct nacre_ce_channel *handle, uint32_t dwords) {
    uint64_t end = now_ns() + (uint64_t)ROOM_MS * 1000000u;
    for (;;) {
        struct core *core;
        struct ce_channel *channel;
        int error = enter(handle, &core, &channel);
        if (error < 0) {
            return error;
        }
        error = try_begin(channel, &core->channels, dwords);
        if (error == NACRE_ERR_BUSY && now_ns() >= end) {
            error = fail(NACRE_ERR_TIMED_OUT, "GPU does not take commands: channel=%u after=%ums", channel->id,
                         ROOM_MS);
        } else if (error == NACRE_ERR_BUSY) {
            /* Its own lock is left first: the channel may end meanwhile, and is looked up again. */
            pthread_mutex_unlock(&core->lock);
            pthread_mutex_lock(&core->channels.lock);
            condition_wait_ns(&core->channels.moved, &core->channels.lock, LOOK_NS);
            pthread_mutex_unlock(&core->channels.lock);
            handle_release(core);
            continue;
        }
        core_leave(core);
        return error;
    }
}

/* Does not reach the GPU, and does not ask whether it is there: it is called for each word. */
int ce_channel_emit(struct nacre_ce_channel *handle, uint32_t dword) {
    struct core *core;
    void *found;
    int error = object_enter(handle, HANDLE_CE_CHANNEL, NACRE_CAP_PUSHBUF_SUBMIT, false, &core, &found);
    if (error >= 0) {
        error = push_ring_emit(&((struct ce_channel *)found)->ring, dword);
        core_leave(core);
    }
    return error;
}

int ce_channel_submit(struct nacre_ce_channel *handle) {
    struct core *core;
    struct ce_channel *channel;
    int error = enter(handle, &core, &channel);
    if (error < 0) {
        return error;
    }
    pthread_mutex_lock(&core->channels.lock);
    int position = -1;
    error = check(channel);
    if (error < 0) {
        channel->ring.has_begun = false;
    } else if (!channel->ring.has_begun) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "No commands have begun");
    } else {
        position = push_ring_submit(&channel->ring);
    }
    pthread_mutex_unlock(&core->channels.lock);
    if (position >= 0) {
        /* ORDERING: the commands are in memory before the GPU is told of them. */
        __atomic_thread_fence(__ATOMIC_RELEASE);
        vram_wr32(&core->gpu.vram, channel->instance + USERD_OFFSET + USERD_GP_PUT, (uint32_t)position);
        wr32(core->platform, NV_VF_DOORBELL, channel->token);
    }
    core_leave(core);
    return error;
}

void channels_non_stall(void *context, uint32_t vector) {
    struct core *core = context;
    pthread_mutex_lock(&core->channels.lock);
    for (struct ce_channel *channel = core->channels.first; channel != NULL; channel = channel->next_live) {
        if (channel->vector != vector) {
            continue;
        }
        push_ring_update(&channel->ring);
        if (push_ring_take_interrupt(&channel->ring)) {
            struct nacre_event event = {.kind = NACRE_EVENT_FIFO_NONSTALL, .channel_id = channel->id};
            events_post(core->events, &event);
        }
    }
    pthread_cond_broadcast(&core->channels.moved);
    pthread_mutex_unlock(&core->channels.lock);
}

void channels_failed(void *context, uint32_t channel_id) {
    struct core *core = context;
    pthread_mutex_lock(&core->channels.lock);
    for (struct ce_channel *channel = core->channels.first; channel != NULL; channel = channel->next_live) {
        channel->is_failed |= channel->id == channel_id;
    }
    pthread_cond_broadcast(&core->channels.moved);
    pthread_mutex_unlock(&core->channels.lock);
    platform_log(core->platform, LOG_WARNING, "Channel has failed: id=%u", channel_id);
}

/* With the lock of channels. */
static bool are_idle(struct core *core) {
    for (struct ce_channel *channel = core->channels.first; channel != NULL; channel = channel->next_live) {
        if (check(channel) >= 0 && !push_ring_is_idle(&channel->ring)) {
            return false;
        }
    }
    return true;
}

bool channels_await_idle(struct core *core, uint32_t timeout_ms) {
    uint64_t end = now_ns() + (uint64_t)timeout_ms * 1000000u;
    pthread_mutex_lock(&core->channels.lock);
    bool is_idle = are_idle(core);
    while (!is_idle && now_ns() < end) {
        condition_wait_ns(&core->channels.moved, &core->channels.lock, LOOK_NS);
        is_idle = are_idle(core);
    }
    pthread_mutex_unlock(&core->channels.lock);
    return is_idle;
}
