/* SPDX-License-Identifier: Apache-2.0 */
#include "vgpu.h"

#include "error.h"
#include "regs.h"

/* The area is looked at soon at first, then each millisecond. */
#define LOOK_FIRST_US 20u
#define LOOK_LONGEST_US 1000u

int vgpu_area_map(struct core *core, struct vgpu *vgpu) {
    int error = bar1_take(core, vgpu->heap->info.offset, AREA_BYTES, false, &vgpu->area);
    vgpu->is_mapped = error >= 0;
    return error;
}

void vgpu_area_unmap(struct core *core, struct vgpu *vgpu) {
    if (vgpu->is_mapped) {
        bar1_give(core, vgpu->area, AREA_BYTES);
        vgpu->is_mapped = false;
    }
}

uint32_t vgpu_area_rd32(struct core *core, const struct vgpu *vgpu, uint32_t offset) {
    const struct nacre_platform *p = core->platform;
    return p->read32(p->context, REGION_MEMORY, vgpu->area + offset);
}

void vgpu_area_wr32(struct core *core, const struct vgpu *vgpu, uint32_t offset, uint32_t value) {
    const struct nacre_platform *p = core->platform;
    p->write32(p->context, REGION_MEMORY, vgpu->area + offset, value);
}

static int done(int error) {
    return error < 0 ? fail(error, "Plugin's memory cannot be reached") : 0;
}

int vgpu_area_read(struct core *core, const struct vgpu *vgpu, uint32_t offset, void *to, uint32_t bytes) {
    const struct nacre_platform *p = core->platform;
    return bytes == 0 ? 0 : done(p->read(p->context, REGION_MEMORY, vgpu->area + offset, to, bytes));
}

int vgpu_area_write(struct core *core, const struct vgpu *vgpu, uint32_t offset, const void *from, uint32_t bytes) {
    const struct nacre_platform *p = core->platform;
    return bytes == 0 ? 0 : done(p->write(p->context, REGION_MEMORY, vgpu->area + offset, from, bytes));
}

int vgpu_area_clear(struct core *core, const struct vgpu *vgpu) {
    static const uint8_t zeros[AREA_KERNEL_LOG_BYTES];
    int error = vgpu_area_write(core, vgpu, AREA_CONTROL, zeros, AREA_MIGRATION);
    for (uint32_t at = AREA_ERROR; at < AREA_BYTES && error >= 0; at += sizeof zeros) {
        uint32_t bytes = AREA_BYTES - at < sizeof zeros ? AREA_BYTES - at : (uint32_t)sizeof zeros;
        error = vgpu_area_write(core, vgpu, at, zeros, bytes);
    }
    return error;
}

/* Whether waiting makes no sense any more. */
static int check(struct core *core, const struct vgpu *vgpu, const char *what) {
    if (__atomic_load_n(&vgpu->is_ending, __ATOMIC_ACQUIRE)) {
        return fail(NACRE_ERR_STALE, "Virtual GPU is ended: %s", what);
    }
    if (platform_gone(core->platform)) {
        return fail(NACRE_ERR_GONE, "GPU has gone: %s", what);
    }
    return __atomic_load_n(&core->plugins[vgpu->gfid], __ATOMIC_ACQUIRE) == PLUGIN_DIED
               ? fail(NACRE_ERR_IO, "Plugin has died: %s vf=%u", what, vgpu->vf_index)
               : 0;
}

int vgpu_area_await(struct core *core, const struct vgpu *vgpu, const struct vgpu_wait *wait, const char *what) {
    uint64_t end = now_ns() + (uint64_t)wait->timeout_ms * 1000000u;
    uint32_t look = LOOK_FIRST_US;
    for (;;) {
        bool is_late = now_ns() >= end;
        /* ORDERING: what the plugin wrote before the word is read after it. */
        uint32_t value = vgpu_area_rd32(core, vgpu, wait->offset);
        if (value == wait->value) {
            return 0;
        }
        int error = check(core, vgpu, what);
        if (error < 0) {
            return error;
        }
        if (wait->before != NULL && value != *wait->before) {
            return fail(NACRE_ERR_IO, "Plugin answers what was not asked: %s vf=%u number=%u expected=%u", what,
                        vgpu->vf_index, value, wait->value);
        }
        if (is_late) {
            return fail(NACRE_ERR_TIMED_OUT, "Plugin does not answer: %s vf=%u after=%ums", what, vgpu->vf_index,
                        wait->timeout_ms);
        }
        pause_us(look);
        look = look < LOOK_LONGEST_US ? 2 * look : LOOK_LONGEST_US;
    }
}
