/* SPDX-License-Identifier: Apache-2.0 */
#include "vmm.h"

#include "error.h"
#include "gpu.h"

#include <stdlib.h>

/* HW: pascal/gp100-mmu-format.pdf; open-gpu-doc manuals/turing/tu104/dev_mmu.ref.txt NV_MMU_VER2_* */
#define LEVELS 5
#define LEVEL_PD0 3
#define LEVEL_PT 4
#define PD0_ENTRY_BYTES 16u
#define ENTRY_BYTES 8u
#define PD0_SMALL_TABLE 8u /* of the two halves of an entry, that of small pages */
#define PDE_APERTURE_VIDEO (1ull << 1)
#define PTE_VALID (1ull << 0)
#define PTE_APERTURE_SYSTEM (2ull << 1)
#define PTE_VOLATILE (1ull << 3)
#define ADDRESS_SHIFT 4 /* of an address of 4 KiB, to bit 8 */
static const uint8_t SHIFTS[LEVELS] = {47, 38, 29, 21, 12};
static const uint16_t COUNTS[LEVELS] = {4, 512, 512, 256, 512};

struct vmm_table {
    uint64_t address;
    uint32_t used; /* entries that lead somewhere */
    struct vmm_table *next_dead;
    struct vmm_table *children[];
};

static uint32_t entry_index(int level, uint64_t address) {
    return (uint32_t)(address >> SHIFTS[level]) & (COUNTS[level] - 1u);
}

static struct vmm_table *new_table(int level, uint64_t address) {
    size_t children = level == LEVEL_PT ? 0 : COUNTS[level];
    struct vmm_table *table = calloc(1, sizeof *table + children * sizeof table);
    if (table != NULL) {
        table->address = address;
    }
    return table;
}

/* Takes a page of the GPU's memory, filled with zeros, for a table. */
static int take_table(struct vmm *vmm, int level, struct vmm_table **table) {
    static const uint8_t zeros[PAGE_BYTES];
    uint64_t address = 0;
    int error = ranges_take(vmm->pool, PAGE_BYTES, PAGE_BYTES, 0, &address);
    if (error < 0) {
        return fail(error, "No memory for page tables is left");
    }
    error = vram_write(vmm->vram, address, zeros, sizeof zeros);
    *table = error < 0 ? NULL : new_table(level, address);
    if (*table == NULL) {
        (void)ranges_add(vmm->pool, address, PAGE_BYTES);
        return error < 0 ? error : fail(NACRE_ERR_NO_MEMORY, "No memory for page tables");
    }
    return 0;
}

int vmm_create(struct vmm *vmm, struct vram *vram, struct ranges *pool, uint64_t root, bool is_bar) {
    *vmm = (struct vmm){.vram = vram, .pool = pool, .is_root_own = root == 0, .is_bar = is_bar};
    if (root == 0) {
        return take_table(vmm, 0, &vmm->root);
    }
    vmm->root = new_table(0, root);
    return vmm->root == NULL ? fail(NACRE_ERR_NO_MEMORY, "No memory for page tables") : 0;
}

static void give_table(struct vmm *vmm, struct vmm_table *table) {
    if (table != vmm->root || vmm->is_root_own) {
        (void)ranges_add(vmm->pool, table->address, PAGE_BYTES);
    }
    free(table);
}

static void give_tables_below(struct vmm *vmm, struct vmm_table *table, int level) {
    for (uint32_t i = 0; level < LEVEL_PT && i < COUNTS[level]; i++) {
        if (table->children[i] != NULL) {
            give_tables_below(vmm, table->children[i], level + 1);
        }
    }
    give_table(vmm, table);
}

static void give_dead(struct vmm *vmm) {
    while (vmm->dead != NULL) {
        struct vmm_table *next = vmm->dead->next_dead;
        give_table(vmm, vmm->dead);
        vmm->dead = next;
    }
}

void vmm_destroy(struct vmm *vmm) {
    give_dead(vmm);
    if (vmm->root != NULL) {
        give_tables_below(vmm, vmm->root, 0);
        vmm->root = NULL;
    }
}

uint64_t vmm_root(const struct vmm *vmm) {
    return vmm->root->address;
}

/* Where the entry for an address is in the GPU's memory. */
static uint64_t entry_address(const struct vmm_table *table, int level, uint64_t address) {
    uint32_t index = entry_index(level, address);
    return table->address + (uint64_t)index * (level == LEVEL_PD0 ? PD0_ENTRY_BYTES : ENTRY_BYTES);
}

static int write_entry(struct vmm *vmm, uint64_t where, uint64_t entry) {
    return vram_write(vmm->vram, where, &entry, sizeof entry);
}

/* The table of a level that an address leads to; made where it is missing. */
static int get_table(struct vmm *vmm, int wanted, uint64_t address, struct vmm_table **found) {
    struct vmm_table *table = vmm->root;
    for (int level = 0; level < wanted; level++) {
        struct vmm_table **child = &table->children[entry_index(level, address)];
        if (*child == NULL) {
            struct vmm_table *made = NULL;
            int error = take_table(vmm, level + 1, &made);
            if (error < 0) {
                return error;
            }
            uint64_t where = entry_address(table, level, address) + (level == LEVEL_PD0 ? PD0_SMALL_TABLE : 0);
            error = write_entry(vmm, where, PDE_APERTURE_VIDEO | made->address >> ADDRESS_SHIFT);
            if (error < 0) {
                give_table(vmm, made);
                return error;
            }
            *child = made;
            table->used++;
        }
        table = *child;
    }
    *found = table;
    return 0;
}

/* Takes tables out that lead nowhere any more, from the one that an address leads to upwards. */
static int prune(struct vmm *vmm, uint64_t address, bool is_gpu_there) {
    struct vmm_table *path[LEVELS] = {vmm->root};
    int deepest = 0;
    while (deepest < LEVEL_PT && path[deepest]->children[entry_index(deepest, address)] != NULL) {
        path[deepest + 1] = path[deepest]->children[entry_index(deepest, address)];
        deepest++;
    }
    int error = 0;
    for (int level = deepest; level > 0 && path[level]->used == 0; level--) {
        struct vmm_table *parent = path[level - 1];
        uint64_t where = entry_address(parent, level - 1, address) + (level == LEVEL_PT ? PD0_SMALL_TABLE : 0);
        parent->children[entry_index(level - 1, address)] = NULL;
        parent->used--;
        path[level]->next_dead = vmm->dead;
        vmm->dead = path[level];
        int wrote = is_gpu_there ? write_entry(vmm, where, 0) : 0;
        error = wrote < 0 ? wrote : error;
    }
    return error;
}

static uint64_t page_entry(const struct vmm_mapping *mapping, uint64_t physical) {
    uint64_t where = mapping->target == VMM_SYSTEM ? PTE_APERTURE_SYSTEM | PTE_VOLATILE : 0;
    return PTE_VALID | where | physical >> ADDRESS_SHIFT;
}

/* Maps a huge page, or small ones up to the end of a table: how many bytes, or an error. */
static int64_t map_some(struct vmm *vmm, const struct vmm_mapping *mapping, uint64_t done) {
    uint64_t address = mapping->address + done;
    uint64_t physical = mapping->physical + done;
    uint64_t left = mapping->bytes - done;
    struct vmm_table *table = NULL;
    if (mapping->huge && address % HUGE_PAGE_BYTES == 0 && physical % HUGE_PAGE_BYTES == 0 && left >= HUGE_PAGE_BYTES) {
        int error = get_table(vmm, LEVEL_PD0, address, &table);
        if (error >= 0) {
            error = write_entry(vmm, entry_address(table, LEVEL_PD0, address), page_entry(mapping, physical));
        }
        if (error < 0) {
            return error;
        }
        table->used++;
        return (int64_t)HUGE_PAGE_BYTES;
    }
    uint64_t entries[PAGE_BYTES / ENTRY_BYTES];
    uint32_t room = COUNTS[LEVEL_PT] - entry_index(LEVEL_PT, address);
    uint32_t count = left / PAGE_BYTES < room ? (uint32_t)(left / PAGE_BYTES) : room;
    int error = get_table(vmm, LEVEL_PT, address, &table);
    if (error < 0) {
        return error;
    }
    for (uint32_t i = 0; i < count; i++) {
        entries[i] = page_entry(mapping, physical + (uint64_t)i * PAGE_BYTES);
    }
    error = vram_write(vmm->vram, entry_address(table, LEVEL_PT, address), entries, (uint64_t)count * ENTRY_BYTES);
    if (error < 0) {
        return error;
    }
    table->used += count;
    return (int64_t)count * PAGE_BYTES;
}

/* Takes out a huge page, or small ones up to the end of a table: how many bytes. */
static uint64_t unmap_some(struct vmm *vmm, uint64_t address, uint64_t bytes, bool is_gpu_there, int *error) {
    static const uint64_t nothing[PAGE_BYTES / ENTRY_BYTES];
    struct vmm_table *table = vmm->root;
    for (int level = 0; level < LEVEL_PD0 && table != NULL; level++) {
        table = table->children[entry_index(level, address)];
    }
    if (table == NULL) {
        return bytes;
    }
    struct vmm_table *small = table->children[entry_index(LEVEL_PD0, address)];
    uint64_t where = entry_address(table, LEVEL_PD0, address);
    uint64_t done = HUGE_PAGE_BYTES;
    uint32_t count = 1;
    if (small != NULL) {
        uint32_t room = COUNTS[LEVEL_PT] - entry_index(LEVEL_PT, address);
        count = bytes / PAGE_BYTES < room ? (uint32_t)(bytes / PAGE_BYTES) : room;
        where = entry_address(small, LEVEL_PT, address);
        done = (uint64_t)count * PAGE_BYTES;
        table = small;
    }
    table->used -= count < table->used ? count : table->used;
    int wrote = is_gpu_there ? vram_write(vmm->vram, where, nothing, (uint64_t)count * ENTRY_BYTES) : 0;
    int pruned = prune(vmm, address, is_gpu_there);
    *error = wrote < 0 ? wrote : pruned < 0 ? pruned : *error;
    return done;
}

int vmm_unmap(struct vmm *vmm, uint64_t address, uint64_t bytes, bool is_gpu_there) {
    int error = 0;
    uint64_t done = 0;
    while (done < bytes) {
        done += unmap_some(vmm, address + done, bytes - done, is_gpu_there, &error);
    }
    if (is_gpu_there) {
        int forgot = tlb_invalidate(vmm->vram->platform, vmm_root(vmm), vmm->is_bar);
        error = forgot < 0 ? forgot : error;
    }
    give_dead(vmm);
    return error;
}

int vmm_map(struct vmm *vmm, const struct vmm_mapping *mapping) {
    uint64_t done = 0;
    int error = 0;
    while (done < mapping->bytes && error >= 0) {
        int64_t some = map_some(vmm, mapping, done);
        if (some < 0) {
            error = (int)some;
        } else {
            done += (uint64_t)some;
        }
    }
    if (error < 0) {
        if (done > 0) {
            (void)vmm_unmap(vmm, mapping->address, done, true);
        }
        (void)prune(vmm, mapping->address + done, true);
        give_dead(vmm);
        return error;
    }
    return tlb_invalidate(vmm->vram->platform, vmm_root(vmm), vmm->is_bar);
}
