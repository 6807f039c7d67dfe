/* SPDX-License-Identifier: Apache-2.0 */
#include "radix3.h"

#include "error.h"

#define ENTRIES (PAGE_BYTES / 8)

/* HW: open-gpu-kernel-modules kernel_gsp.c: level 0 has one entry, level 1 is one page. */
int radix3_create(const struct nacre_platform *platform, uint64_t bytes, struct radix3 *radix3) {
    uint64_t pages = align_up(bytes, PAGE_BYTES) / PAGE_BYTES;
    uint64_t tables = (pages + ENTRIES - 1) / ENTRIES;
    if (tables == 0 || tables > ENTRIES) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Memory is too large for the GSP: bytes=%llu",
                    (unsigned long long)bytes);
    }
    int error = dma_alloc(platform, &radix3->memory, bytes);
    if (error >= 0) {
        error = dma_alloc(platform, &radix3->levels, (2 + tables) * PAGE_BYTES);
    }
    if (error < 0) {
        radix3_destroy(platform, radix3);
        return error;
    }
    uint8_t *level0 = radix3->levels.cpu;
    put64(level0, radix3->levels.iova + PAGE_BYTES);
    for (uint64_t i = 0; i < tables; i++) {
        put64(level0 + PAGE_BYTES + 8 * i, radix3->levels.iova + (2 + i) * PAGE_BYTES);
    }
    for (uint64_t i = 0; i < pages; i++) {
        put64(level0 + 2 * PAGE_BYTES + 8 * i, radix3->memory.iova + i * PAGE_BYTES);
    }
    return 0;
}

void radix3_destroy(const struct nacre_platform *platform, struct radix3 *radix3) {
    dma_free(platform, &radix3->levels);
    dma_free(platform, &radix3->memory);
}
