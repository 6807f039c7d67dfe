/* SPDX-License-Identifier: Apache-2.0 */
#include "vram.h"

#include "error.h"
#include "regs.h"

/* HW: the window's base has units of 64 KiB. */
#define WINDOW_STEP (1u << NV_PBUS_BAR0_WINDOW_SHIFT)

void vram_init(struct vram *vram, const struct nacre_platform *platform) {
    vram->platform = platform;
    vram->is_window_known = false;
    pthread_mutex_init(&vram->lock, NULL);
}

void vram_destroy(struct vram *vram) {
    pthread_mutex_destroy(&vram->lock);
}

void vram_forget_window(struct vram *vram) {
    pthread_mutex_lock(&vram->lock);
    vram->is_window_known = false;
    pthread_mutex_unlock(&vram->lock);
}

/* Moves the window so that it shows an address, and says where in BAR 0 that is. With the lock. */
static uint32_t look_at(struct vram *vram, uint64_t address) {
    uint64_t base = align_down(address, NV_PRAMIN_BYTES);
    if (!vram->is_window_known || vram->window != base) {
        wr32(vram->platform, NV_PBUS_BAR0_WINDOW, (uint32_t)(base / WINDOW_STEP));
        vram->window = base;
        vram->is_window_known = true;
    }
    return NV_PRAMIN + (uint32_t)(address - base);
}

static uint64_t piece(uint64_t address, uint64_t bytes) {
    uint64_t room = NV_PRAMIN_BYTES - address % NV_PRAMIN_BYTES;
    return bytes < room ? bytes : room;
}

static int done(int error, uint64_t address) {
    return error < 0 ? fail(error, "GPU's memory cannot be reached: address=0x%llx", (unsigned long long)address) : 0;
}

int vram_read(struct vram *vram, uint64_t address, void *to, uint64_t bytes) {
    const struct nacre_platform *p = vram->platform;
    int error = 0;
    uint8_t *at = to;
    pthread_mutex_lock(&vram->lock);
    while (bytes > 0 && error >= 0) {
        uint64_t count = piece(address, bytes);
        error = p->read(p->context, REGION_REGISTERS, look_at(vram, address), at, count);
        address += count;
        at += count;
        bytes -= count;
    }
    pthread_mutex_unlock(&vram->lock);
    return done(error, address);
}

int vram_write(struct vram *vram, uint64_t address, const void *from, uint64_t bytes) {
    const struct nacre_platform *p = vram->platform;
    int error = 0;
    const uint8_t *at = from;
    pthread_mutex_lock(&vram->lock);
    while (bytes > 0 && error >= 0) {
        uint64_t count = piece(address, bytes);
        error = p->write(p->context, REGION_REGISTERS, look_at(vram, address), at, count);
        address += count;
        at += count;
        bytes -= count;
    }
    pthread_mutex_unlock(&vram->lock);
    return done(error, address);
}

void vram_wr32(struct vram *vram, uint64_t address, uint32_t value) {
    pthread_mutex_lock(&vram->lock);
    wr32(vram->platform, look_at(vram, address), value);
    pthread_mutex_unlock(&vram->lock);
}
