/* SPDX-License-Identifier: Apache-2.0 */
/* The GPU's memory: what clients get, and what the core keeps for page tables and channels. Not locked. */
#ifndef NACRE_FB_ALLOC_H
#define NACRE_FB_ALLOC_H

#include "board.h"
#include "ranges.h"

struct fb_alloc {
    struct ranges clients;
    struct ranges own;
    struct nacre_fb_region own_region;
    uint64_t total_bytes; /* of clients, free or not */
};

/* Divides the regions that the firmware lets drivers use. */
int fb_alloc_init(struct fb_alloc *fb, const struct board *board);
void fb_alloc_clear(struct fb_alloc *fb);
/* Takes memory for a client. */
int fb_alloc_take(struct fb_alloc *fb, const struct nacre_fb_request *request, struct nacre_fb_mem_info *taken);
void fb_alloc_give(struct fb_alloc *fb, uint64_t offset, uint64_t bytes);

#endif
