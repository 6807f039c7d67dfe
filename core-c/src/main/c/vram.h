/* SPDX-License-Identifier: Apache-2.0 */
/* The GPU's memory by physical address, through the small window in BAR 0: for page tables and such. Any thread. */
#ifndef NACRE_VRAM_H
#define NACRE_VRAM_H

#include "platform.h"

#include <pthread.h>

struct vram {
    const struct nacre_platform *platform;
    pthread_mutex_t lock;
    uint64_t window; /* where the window looks; guarded by the lock */
    bool is_window_known;
};

void vram_init(struct vram *vram, const struct nacre_platform *platform);
void vram_destroy(struct vram *vram);
/* The window may look elsewhere: the GPU was reset. */
void vram_forget_window(struct vram *vram);
int vram_read(struct vram *vram, uint64_t address, void *to, uint64_t bytes);
int vram_write(struct vram *vram, uint64_t address, const void *from, uint64_t bytes);
void vram_wr32(struct vram *vram, uint64_t address, uint32_t value);

#endif
