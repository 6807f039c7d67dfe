/* SPDX-License-Identifier: Apache-2.0 */
/* Page tables against a plain model: what was mapped is found by a walk as the GPU does it, and nothing else. */
#include "check.h"
#include "regs.h"
#include "vmm.h"

#define FB_BYTES MIB(16)
#define POOL_AT MIB(1)
#define POOL_BYTES MIB(4)
#define SPACE_AT (UINT64_C(0x7f) << 32)
#define SPACE_PAGES 4096u
#define STEPS 600
#define MAPPINGS 64

/* A GPU that is nothing but memory behind its window. */
struct gpu {
    uint8_t *fb;
    uint64_t window;
    uint32_t invalidations;
};

static uint32_t read32(void *context, uint32_t region, uint64_t offset) {
    (void)context, (void)region, (void)offset;
    return 0;
}

static void write32(void *context, uint32_t region, uint64_t offset, uint32_t value) {
    struct gpu *gpu = context;
    CHECK(region == REGION_REGISTERS);
    gpu->window = offset == NV_PBUS_BAR0_WINDOW ? (uint64_t)value << 16 : gpu->window;
    gpu->invalidations += offset == NV_VF_PRIV_MMU_INVALIDATE;
}

static uint8_t *at(struct gpu *gpu, uint64_t offset, uint64_t bytes) {
    CHECK(offset >= NV_PRAMIN && is_inside(offset - NV_PRAMIN, bytes, NV_PRAMIN_BYTES));
    uint64_t address = gpu->window + offset - NV_PRAMIN;
    CHECK(is_inside(address, bytes, FB_BYTES));
    return gpu->fb + address;
}

static int read_bytes(void *context, uint32_t region, uint64_t offset, void *to, uint64_t bytes) {
    (void)region;
    memcpy(to, at(context, offset, bytes), bytes);
    return 0;
}

static int write_bytes(void *context, uint32_t region, uint64_t offset, const void *from, uint64_t bytes) {
    (void)region;
    memcpy(at(context, offset, bytes), from, bytes);
    return 0;
}

static int is_gone(void *context) {
    (void)context;
    return 0;
}

/* Finds an address as the GPU does: the entry of its page, or 0. */
static uint64_t walk(const struct gpu *gpu, uint64_t root, uint64_t address) {
    static const int shifts[] = {47, 38, 29};
    static const uint32_t counts[] = {4, 512, 512};
    uint64_t table = root;
    for (int level = 0; level < 3; level++) {
        uint64_t entry = get64(gpu->fb + table + 8 * (address >> shifts[level] & (counts[level] - 1)));
        if ((entry & 6) == 0) {
            return 0;
        }
        CHECK((entry & 6) == 2);
        table = entry >> 8 << 12;
    }
    const uint8_t *dual = gpu->fb + table + 16 * (address >> 21 & 255);
    uint64_t big = get64(dual);
    uint64_t small = get64(dual + 8);
    if (big & 1) {
        CHECK((small & 6) == 0);
        return big + ((address & (HUGE_PAGE_BYTES - 1)) >> 12 << 8);
    }
    CHECK(big == 0);
    return (small & 6) == 0 ? 0 : get64(gpu->fb + (small >> 8 << 12) + 8 * (address >> 12 & 511));
}

static uint64_t entry_of(uint64_t physical, bool is_system) {
    return physical >> 12 << 8 | (is_system ? 2u << 1 | 1u << 3 : 0) | 1;
}

static void check_all(const struct gpu *gpu, const struct vmm *vmm, const uint64_t *model) {
    for (uint32_t page = 0; page < SPACE_PAGES; page++) {
        CHECK(walk(gpu, vmm_root(vmm), SPACE_AT + (uint64_t)page * PAGE_BYTES) == model[page]);
    }
}

/* Maps something at random if its place is free: whether it did. */
static bool map_some(struct vmm *vmm, uint64_t *model, uint64_t *seed, uint32_t *first, uint32_t *count) {
    bool is_large = next_random(seed) % 2 == 0;
    *count = is_large ? 512 + (uint32_t)(next_random(seed) % 1200) : 1 + (uint32_t)(next_random(seed) % 40);
    *first = (uint32_t)(next_random(seed) % SPACE_PAGES) & (is_large ? ~511u : ~0u);
    struct vmm_mapping mapping = {.address = SPACE_AT + (uint64_t)*first * PAGE_BYTES,
                                  .physical = align_down(next_random(seed) % (UINT64_C(1) << 36), HUGE_PAGE_BYTES),
                                  .bytes = (uint64_t)*count * PAGE_BYTES,
                                  .target = next_random(seed) % 2 ? VMM_VIDEO : VMM_SYSTEM,
                                  .huge = next_random(seed) % 2};
    for (uint32_t i = *first; i < *first + *count; i++) {
        if (i >= SPACE_PAGES || model[i] != 0) {
            return false;
        }
    }
    CHECK(vmm_map(vmm, &mapping) == 0);
    for (uint32_t i = 0; i < *count; i++) {
        model[*first + i] =
            entry_of(mapping.physical + (uint64_t)i * PAGE_BYTES, mapping.target == VMM_SYSTEM);
    }
    return true;
}

static void tables_follow_the_model(struct gpu *gpu, struct vram *vram, uint64_t seed) {
    static uint64_t model[SPACE_PAGES];
    struct ranges pool = {0};
    struct vmm vmm;
    uint32_t firsts[MAPPINGS];
    uint32_t counts[MAPPINGS];
    uint32_t live = 0;
    memset(gpu->fb, 0xa5, FB_BYTES);
    memset(model, 0, sizeof model);
    CHECK(ranges_add(&pool, POOL_AT, POOL_BYTES) == 0 && vmm_create(&vmm, vram, &pool, 0, false) == 0);
    for (int step = 0; step < STEPS; step++) {
        if (live > 0 && (live == MAPPINGS || next_random(&seed) % 2 == 0)) {
            uint32_t i = (uint32_t)(next_random(&seed) % live);
            uint32_t before = gpu->invalidations;
            CHECK(vmm_unmap(&vmm, SPACE_AT + (uint64_t)firsts[i] * PAGE_BYTES, (uint64_t)counts[i] * PAGE_BYTES,
                            true) == 0);
            CHECK(gpu->invalidations == before + 1);
            memset(model + firsts[i], 0, counts[i] * sizeof *model);
            live--;
            firsts[i] = firsts[live];
            counts[i] = counts[live];
        } else if (map_some(&vmm, model, &seed, &firsts[live], &counts[live])) {
            live++;
        }
        if (step % 20 == 0) {
            check_all(gpu, &vmm, model);
        }
    }
    while (live-- > 0) {
        CHECK(vmm_unmap(&vmm, SPACE_AT + (uint64_t)firsts[live] * PAGE_BYTES, (uint64_t)counts[live] * PAGE_BYTES,
                        true) == 0);
    }
    CHECK(pool.free_bytes == POOL_BYTES - PAGE_BYTES);
    vmm_destroy(&vmm);
    CHECK(pool.free_bytes == POOL_BYTES);
    ranges_clear(&pool);
}

static void mapping_without_memory_for_tables_leaves_nothing(struct gpu *gpu, struct vram *vram) {
    struct ranges pool = {0};
    struct vmm vmm;
    struct vmm_mapping mapping = {.address = SPACE_AT, .physical = 0, .bytes = MIB(16), .target = VMM_VIDEO};
    CHECK(ranges_add(&pool, POOL_AT, 7 * PAGE_BYTES) == 0 && vmm_create(&vmm, vram, &pool, 0, false) == 0);
    CHECK(vmm_map(&vmm, &mapping) == NACRE_ERR_NO_SPACE);
    CHECK(walk(gpu, vmm_root(&vmm), SPACE_AT) == 0 && pool.free_bytes == 6 * PAGE_BYTES);
    mapping.bytes = MIB(2);
    CHECK(vmm_map(&vmm, &mapping) == 0 && walk(gpu, vmm_root(&vmm), SPACE_AT + MIB(1)) == entry_of(MIB(1), false));
    vmm_destroy(&vmm);
    ranges_clear(&pool);
}

int main(void) {
    struct gpu gpu = {.fb = malloc(FB_BYTES)};
    const struct nacre_platform platform = {.size = sizeof platform, .version = NACRE_CORE_VERSION, .context = &gpu,
                                            .read32 = read32, .write32 = write32, .read = read_bytes,
                                            .write = write_bytes, .is_gone = is_gone};
    struct vram vram;
    CHECK(gpu.fb != NULL);
    vram_init(&vram, &platform);
    for (uint64_t seed = 1; seed < 6; seed++) {
        tables_follow_the_model(&gpu, &vram, seed);
    }
    mapping_without_memory_for_tables_leaves_nothing(&gpu, &vram);
    vram_destroy(&vram);
    free(gpu.fb);
    return 0;
}
