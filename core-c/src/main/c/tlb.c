/* SPDX-License-Identifier: Apache-2.0 */
#include "gpu.h"

#include "regs.h"

/* TIMEOUT: nouveau nvkm/subdev/mmu/vmmtu102.c, bar/g84.c */
#define FLUSH_MS 2000
#define INVALIDATE_MS 2000
#define PDB_SHIFT 8

int tlb_invalidate(const struct nacre_platform *platform, uint64_t page_directory, bool is_bar) {
    wr32(platform, NV_UFLUSH_FB_FLUSH, NV_UFLUSH_FB_FLUSH_PENDING);
    int error = poll32(platform, NV_UFLUSH_FB_FLUSH, NV_UFLUSH_FB_FLUSH_OUTSTANDING, 0, FLUSH_MS,
                       "Writes to the GPU's memory do not end");
    if (error < 0) {
        return error;
    }
    uint32_t what = NV_VF_PRIV_MMU_INVALIDATE_TRIGGER | NV_VF_PRIV_MMU_INVALIDATE_ALL_VA;
    if (is_bar) {
        what |= NV_VF_PRIV_MMU_INVALIDATE_ALL_PDB | NV_VF_PRIV_MMU_INVALIDATE_HUB_ONLY;
    }
    wr32(platform, NV_VF_PRIV_MMU_INVALIDATE_PDB, (uint32_t)(page_directory >> PDB_SHIFT));
    wr32(platform, NV_VF_PRIV_MMU_INVALIDATE_UPPER_PDB, (uint32_t)(page_directory >> (32 + PDB_SHIFT)));
    wr32(platform, NV_VF_PRIV_MMU_INVALIDATE, what);
    return poll32(platform, NV_VF_PRIV_MMU_INVALIDATE, NV_VF_PRIV_MMU_INVALIDATE_TRIGGER, 0, INVALIDATE_MS,
                  "Translations are not forgotten");
}
