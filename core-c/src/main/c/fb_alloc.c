/* SPDX-License-Identifier: Apache-2.0 */
#include "fb_alloc.h"

#include "error.h"

/* What the core keeps for itself: page tables of 4-KiB pages take a 512th of what they map. */
#define OWN_SHARE 64u
#define OWN_LEAST MIB(8)
#define OWN_MOST MIB(64)
#define OWN_ALIGN MIB(2)
#define REQUEST_MOST (UINT64_C(1) << 48)

int fb_alloc_init(struct fb_alloc *fb, const struct board *board) {
    uint32_t largest = 0;
    for (uint32_t i = 1; i < board->fb_region_count; i++) {
        largest = board->fb_regions[i].bytes > board->fb_regions[largest].bytes ? i : largest;
    }
    struct nacre_fb_region region = board->fb_regions[largest];
    uint64_t own = align_up(region.bytes / OWN_SHARE, OWN_ALIGN);
    own = own < OWN_LEAST ? OWN_LEAST : own > OWN_MOST ? OWN_MOST : own;
    if (region.bytes < 2 * own + OWN_ALIGN) {
        return fail(NACRE_ERR_NO_SPACE, "GPU has too little memory: bytes=%llu", (unsigned long long)region.bytes);
    }
    uint64_t end = region.offset + region.bytes;
    fb->own_region.offset = align_down(end - own, OWN_ALIGN);
    fb->own_region.bytes = end - fb->own_region.offset;
    int error = ranges_add(&fb->own, fb->own_region.offset, fb->own_region.bytes);
    for (uint32_t i = 0; i < board->fb_region_count && error >= 0; i++) {
        uint64_t bytes = board->fb_regions[i].bytes - (i == largest ? fb->own_region.bytes : 0);
        error = ranges_add(&fb->clients, board->fb_regions[i].offset, bytes);
        fb->total_bytes += bytes;
    }
    return error;
}

void fb_alloc_clear(struct fb_alloc *fb) {
    ranges_clear(&fb->clients);
    ranges_clear(&fb->own);
}

int fb_alloc_take(struct fb_alloc *fb, const struct nacre_fb_request *request, struct nacre_fb_mem_info *taken) {
    uint64_t align = request->align_bytes;
    if (request->bytes < 1 || request->bytes > REQUEST_MOST) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Size of memory is impossible: bytes=%llu allowed=1 to 2^48",
                    (unsigned long long)request->bytes);
    }
    if (align < PAGE_BYTES || (align & (align - 1)) != 0) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Alignment is impossible: align=%llu allowed=powers of two from 4096",
                    (unsigned long long)align);
    }
    if (request->has_fixed_offset > 1 || (request->has_fixed_offset && (request->fixed_offset & (align - 1)) != 0)) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Offset is not aligned: offset=%llu align=%llu",
                    (unsigned long long)request->fixed_offset, (unsigned long long)align);
    }
    taken->bytes = align_up(request->bytes, PAGE_BYTES);
    taken->offset = request->fixed_offset;
    int error = request->has_fixed_offset ? ranges_take_at(&fb->clients, taken->offset, taken->bytes)
                                          : ranges_take(&fb->clients, taken->bytes, align, 0, &taken->offset);
    return error == NACRE_ERR_NO_SPACE
               ? fail(error, "No such part of the GPU's memory is free: bytes=%llu align=%llu free=%llu",
                      (unsigned long long)taken->bytes, (unsigned long long)align,
                      (unsigned long long)fb->clients.free_bytes)
               : error;
}

void fb_alloc_give(struct fb_alloc *fb, uint64_t offset, uint64_t bytes) {
    (void)ranges_add(&fb->clients, offset, bytes);
}
