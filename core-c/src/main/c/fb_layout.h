/* SPDX-License-Identifier: Apache-2.0 */
/* How the GPU's memory is divided for the firmware's start. */
#ifndef NACRE_FB_LAYOUT_H
#define NACRE_FB_LAYOUT_H

#include "firmware.h"

struct fb_part {
    uint64_t offset;
    uint64_t bytes;
};

struct fb_layout {
    uint64_t fb_bytes;
    struct fb_part vga;      /* workspace at the end */
    struct fb_part frts;
    struct fb_part boot;     /* the boot loader */
    struct fb_part image;    /* the firmware */
    struct fb_part heap;     /* the firmware's, protected */
    struct fb_part wpr;      /* the protected region: heap to FRTS */
    struct fb_part non_wpr;  /* the firmware's, not protected */
    uint64_t wpr_end;
    uint32_t vf_partitions;
};

struct fb_request {
    uint64_t fb_bytes;
    uint64_t vga_offset;
    uint64_t boot_bytes;
    uint64_t image_bytes;
    const struct gsp_abi *abi;
    uint32_t vfs; /* virtual functions that share the GPU; 0 if it is not shared */
};

/* Divides the memory: NACRE_ERR_NO_SPACE if it is too small. */
int fb_layout_make(const struct fb_request *request, struct fb_layout *layout);

/* How many bytes of memory the GPU has, and where its VGA workspace begins. */
int fb_layout_probe(const struct nacre_platform *platform, uint64_t *fb_bytes, uint64_t *vga_offset);

/* Fills GspFwWprMeta with it; the addresses in the host's memory are the caller's to fill. */
void fb_layout_describe(const struct fb_layout *layout, uint8_t *wpr_meta);

#endif
