/* SPDX-License-Identifier: Apache-2.0 */
#include "fb_layout.h"

#include "error.h"
#include "regs.h"

/* HW: nouveau nvkm/subdev/gsp/tu102.c; sizes of the heap: open-gpu-kernel-modules gsp_fw_heap.h */
#define VGA_BYTES MIB(1)
#define VGA_SMALL_BYTES KIB(128)
#define FRTS_BYTES MIB(1)
#define NON_WPR_BYTES MIB(1)
#define WPR_GRANULE KIB(128)
#define IMAGE_ALIGN KIB(64)
#define HEAP_ALIGN MIB(1)
#define HEAP_BASE_BYTES MIB(8)
#define HEAP_BYTES_PER_GIB KIB(96)
#define HEAP_CLIENT_BYTES (KIB(48) * 2048)
/* HW: the heap that the first vGPU series has for two virtual GPUs, and gsp_fw_heap.h for more, up to 32 */
#define HEAP_FEW_VGPUS_BYTES MIB(256)
#define HEAP_VGPUS_BYTES MIB(581)
#define FEW_VGPUS 2u
#define VGPU_PARTITIONS_MOST 32u
#define LEAST_USABLE_BYTES MIB(128)
#define LARGEST_FB_MIB (1u << 20)

static uint64_t heap_bytes(const struct fb_request *request) {
    uint64_t gib = align_up(request->fb_bytes, MIB(1024)) / MIB(1024);
    uint64_t bytes = request->abi->os_carveout_bytes + HEAP_BASE_BYTES +
                     align_up(HEAP_BYTES_PER_GIB * gib, HEAP_ALIGN) + HEAP_CLIENT_BYTES;
    uint64_t least = request->vfs == 0           ? request->abi->heap_min_bytes
                     : request->vfs <= FEW_VGPUS ? HEAP_FEW_VGPUS_BYTES
                                                 : HEAP_VGPUS_BYTES;
    return bytes > least ? bytes : least;
}

int fb_layout_make(const struct fb_request *request, struct fb_layout *layout) {
    uint64_t heap = heap_bytes(request);
    uint64_t needed = LEAST_USABLE_BYTES + heap + request->image_bytes + request->boot_bytes + MIB(8);
    if (request->fb_bytes < needed || request->vga_offset < needed || request->vga_offset > request->fb_bytes) {
        return fail(NACRE_ERR_NO_SPACE, "GPU has too little memory for its firmware: bytes=%llu needed=%llu",
                    (unsigned long long)request->fb_bytes, (unsigned long long)needed);
    }
    *layout = (struct fb_layout){.fb_bytes = request->fb_bytes, .vf_partitions = request->vfs};
    if (layout->vf_partitions > VGPU_PARTITIONS_MOST) {
        layout->vf_partitions = VGPU_PARTITIONS_MOST;
    }
    layout->vga = (struct fb_part){request->vga_offset, request->fb_bytes - request->vga_offset};
    layout->wpr_end = align_down(request->vga_offset, WPR_GRANULE);
    layout->frts = (struct fb_part){layout->wpr_end - FRTS_BYTES, FRTS_BYTES};
    layout->boot.bytes = request->boot_bytes;
    layout->boot.offset = align_down(layout->frts.offset - request->boot_bytes, PAGE_BYTES);
    layout->image.bytes = request->image_bytes;
    layout->image.offset = align_down(layout->boot.offset - request->image_bytes, IMAGE_ALIGN);
    layout->heap.offset = align_down(layout->image.offset - heap, HEAP_ALIGN);
    layout->heap.bytes = align_down(layout->image.offset - layout->heap.offset, HEAP_ALIGN);
    layout->wpr.offset = align_down(layout->heap.offset - WPR_META_BYTES, HEAP_ALIGN);
    layout->wpr.bytes = layout->frts.offset + layout->frts.bytes - layout->wpr.offset;
    layout->non_wpr = (struct fb_part){layout->wpr.offset - NON_WPR_BYTES, NON_WPR_BYTES};
    return 0;
}

int fb_layout_probe(const struct nacre_platform *platform, uint64_t *fb_bytes, uint64_t *vga_offset) {
    uint32_t mib = rd32(platform, NV_USABLE_FB_SIZE_IN_MB);
    if (mib == 0 || mib > LARGEST_FB_MIB) {
        return fail(NACRE_ERR_IO, "GPU's memory has an impossible size: MiB=%u", mib);
    }
    *fb_bytes = MIB(mib);
    *vga_offset = *fb_bytes - VGA_BYTES;
    if (rd32(platform, NV_FUSE_STATUS_OPT_DISPLAY) & NV_FUSE_STATUS_OPT_DISPLAY_DISABLED) {
        return 0;
    }
    uint32_t base = rd32(platform, NV_PDISP_VGA_WORKSPACE_BASE);
    if (base & NV_PDISP_VGA_WORKSPACE_BASE_VALID) {
        uint64_t offset = (uint64_t)(base & 0xffffff00u) << 8;
        *vga_offset = offset < *vga_offset || offset >= *fb_bytes ? *fb_bytes - VGA_SMALL_BYTES : offset;
    }
    return 0;
}

void fb_layout_describe(const struct fb_layout *layout, uint8_t *wpr_meta) {
    put64(wpr_meta, WPR_META_MAGIC);
    put64(wpr_meta + 8, WPR_META_REVISION);
    put64(wpr_meta + WPR_META_RSVD_START, layout->non_wpr.offset);
    put64(wpr_meta + WPR_META_NON_WPR_HEAP, layout->non_wpr.offset);
    put64(wpr_meta + WPR_META_NON_WPR_HEAP_SIZE, layout->non_wpr.bytes);
    put64(wpr_meta + WPR_META_WPR_START, layout->wpr.offset);
    put64(wpr_meta + WPR_META_HEAP, layout->heap.offset);
    put64(wpr_meta + WPR_META_HEAP_SIZE, layout->heap.bytes);
    put64(wpr_meta + WPR_META_FW_OFFSET, layout->image.offset);
    put64(wpr_meta + WPR_META_BOOT_BIN, layout->boot.offset);
    put64(wpr_meta + WPR_META_FRTS, layout->frts.offset);
    put64(wpr_meta + WPR_META_FRTS_SIZE, layout->frts.bytes);
    put64(wpr_meta + WPR_META_WPR_END, layout->wpr_end);
    put64(wpr_meta + WPR_META_FB_SIZE, layout->fb_bytes);
    put64(wpr_meta + WPR_META_VGA, layout->vga.offset);
    put64(wpr_meta + WPR_META_VGA_SIZE, layout->vga.bytes);
    wpr_meta[WPR_META_VF_PARTITIONS] = (uint8_t)layout->vf_partitions;
}
