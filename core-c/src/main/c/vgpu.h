/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A virtual GPU: its plugin, and the area of memory by which the core speaks with it.
 *
 * Calls of a plugin can take minutes, so the core's lock is left meanwhile; is_busy, which the lock guards, is who has
 * the virtual GPU then. Whoever ends it says so first, and a call that waits gives up.
 */
#ifndef NACRE_VGPU_H
#define NACRE_VGPU_H

#include "core.h"
#include "vgpu_abi.h"

struct vgpu {
    struct object object;
    uint32_t vf_index;
    uint32_t gfid;
    uint32_t type_id;
    uint32_t process_id;
    uint32_t pci_address;
    uint8_t uuid[16];
    struct object *client;
    struct chids *chids;
    struct fb_mem *frame_buffer;
    struct fb_mem *heap;
    bool is_mapped;
    uint64_t area; /* in BAR 1 */
    bool is_booted;
    bool is_busy;    /* somebody calls the plugin, or ends it */
    bool is_ending;  /* nobody may call it any more; read by the caller without the lock */
    bool is_broken;  /* it did not answer, so nobody knows what it would answer to */
    uint32_t sequence;
};

/* vgpu.c: takes a virtual GPU for a call, and leaves the lock; vgpu_leave gives it back. */
int vgpu_enter(struct nacre_vgpu *handle, struct core **core, struct vgpu **vgpu);
void vgpu_leave(struct core *core, struct vgpu *vgpu);
/* A control of the virtual GPU's own client. With the lock. */
int vgpu_control(struct core *core, const struct vgpu *vgpu, uint32_t command, void *params, uint32_t bytes);

/* vgpu_area.c: the area. Whoever has the virtual GPU calls. */
int vgpu_area_map(struct core *core, struct vgpu *vgpu);
void vgpu_area_unmap(struct core *core, struct vgpu *vgpu);
/* Makes it such that nothing in it is an earlier plugin's. */
int vgpu_area_clear(struct core *core, const struct vgpu *vgpu);
uint32_t vgpu_area_rd32(struct core *core, const struct vgpu *vgpu, uint32_t offset);
void vgpu_area_wr32(struct core *core, const struct vgpu *vgpu, uint32_t offset, uint32_t value);
int vgpu_area_read(struct core *core, const struct vgpu *vgpu, uint32_t offset, void *to, uint32_t bytes);
int vgpu_area_write(struct core *core, const struct vgpu *vgpu, uint32_t offset, const void *from, uint32_t bytes);
/* What a word of it is to become. */
struct vgpu_wait {
    uint32_t offset;
    uint32_t value;
    const uint32_t *before; /* all that it may be until then; NULL for anything */
    uint32_t timeout_ms;
};
/* Waits for that: NACRE_ERR_TIMED_OUT, NACRE_ERR_GONE, NACRE_ERR_STALE if the virtual GPU is ended, NACRE_ERR_IO if the
 * plugin dies or the word becomes something else. */
int vgpu_area_await(struct core *core, const struct vgpu *vgpu, const struct vgpu_wait *wait, const char *what);

/* vgpu_boot.c: starts the plugin, with the lock; waits for it and tells it what it is, without. */
int vgpu_boot(struct core *core, struct vgpu *vgpu);
int vgpu_set_up(struct core *core, struct vgpu *vgpu);

/* vgpu_rpc.c: calls the plugin; the answer takes the payload's place. Whoever has the virtual GPU calls, without the
 * lock. */
int vgpu_rpc(struct core *core, struct vgpu *vgpu, uint32_t message, void *payload, uint32_t bytes);

#endif
