/* SPDX-License-Identifier: Apache-2.0 */
/* A channel of a copy engine. */
#ifndef NACRE_CE_CHANNEL_H
#define NACRE_CE_CHANNEL_H

#include "core.h"

struct channel_mapping {
    struct channel_mapping *next;
    uint64_t address;
    uint64_t bytes;
    struct fb_mem *mem;
};

struct ce_channel {
    struct object object;
    struct ce_channel *next_live;  /* guarded by the lock of channels */
    uint32_t id;
    struct chids *chids;           /* whose id it has, or NULL for one of the core's */
    uint32_t token;
    uint32_t vector;
    struct rm_session session;
    struct vmm vmm;
    struct ranges space;
    struct channel_mapping *mappings;
    uint64_t instance;             /* in the GPU's memory: instance block, then USERD */
    struct dma_memory memory;      /* rings */
    struct dma_memory method_buffer;
    struct push_ring ring;         /* guarded by the lock of channels */
    bool is_failed;                /* guarded by the lock of channels */
    bool is_told;                  /* CHANNEL_START was posted */
    bool has_id;
    bool has_session;
    bool has_instance;
};

/* channel_setup.c: makes what the GPU needs for a channel; what was made before a failure stays for the caller to
 * free. */
int channel_set_up(struct core *core, struct ce_channel *channel);
/* Frees all of it. */
void channel_tear_down(struct core *core, struct ce_channel *channel);

#endif
