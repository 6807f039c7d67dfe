/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces of the GPU: page tables of version 2, in the GPU's memory. Not locked. */
#ifndef NACRE_VMM_H
#define NACRE_VMM_H

#include "ranges.h"
#include "vram.h"

#define HUGE_PAGE_BYTES MIB(2)

enum vmm_target { VMM_VIDEO, VMM_SYSTEM };

struct vmm_table;

struct vmm {
    struct vram *vram;
    struct ranges *pool;       /* where tables are taken from */
    struct vmm_table *root;
    struct vmm_table *dead;    /* taken out, until the GPU has forgotten them */
    bool is_root_own;          /* else it is the firmware's */
    bool is_bar;
};

struct vmm_mapping {
    uint64_t address;
    uint64_t physical;
    uint64_t bytes;
    enum vmm_target target;
    bool huge; /* pages of 2 MiB where both addresses allow it */
};

/* Makes an empty one, with a root of its own, or over one that is there if its address is not 0. */
int vmm_create(struct vmm *vmm, struct vram *vram, struct ranges *pool, uint64_t root, bool is_bar);
/* Gives all tables back. The GPU must not use them any more. */
void vmm_destroy(struct vmm *vmm);
/* Maps whole pages where nothing is mapped; all or nothing. */
int vmm_map(struct vmm *vmm, const struct vmm_mapping *mapping);
/* Takes out what was mapped; the GPU is reached only if it is there. */
int vmm_unmap(struct vmm *vmm, uint64_t address, uint64_t bytes, bool is_gpu_there);
uint64_t vmm_root(const struct vmm *vmm);

#endif
