/* SPDX-License-Identifier: Apache-2.0 */
/* What the core can do, and how it is called. */
#ifndef NACRE_CAPABILITIES_H
#define NACRE_CAPABILITIES_H

#include "base.h"

#define CORE_CAPABILITIES                                                                                              \
    ((1ull << NACRE_CAP_GSP_CLIENT_ALLOC) | (1ull << NACRE_CAP_RM_PASS_THROUGH) | (1ull << NACRE_CAP_CHID_ALLOC) |     \
     (1ull << NACRE_CAP_FB_MEM_ALLOC) | (1ull << NACRE_CAP_FB_MEM_BAR1_MAP) | (1ull << NACRE_CAP_CHAN_MEM_MAP) |       \
     (1ull << NACRE_CAP_CE_CHAN_ALLOC) | (1ull << NACRE_CAP_PUSHBUF_SUBMIT) | (1ull << NACRE_CAP_PF_EVENT_DELIVERY) |  \
     (1ull << NACRE_CAP_GSP_LOGS) | (1ull << NACRE_CAP_SUSPEND) | (1ull << NACRE_CAP_VGPU_PLUGINS))

/* What it can do with a GPU that is shared, or is not. */
static inline uint64_t capabilities_of(bool is_vgpu) {
    return is_vgpu ? CORE_CAPABILITIES : CORE_CAPABILITIES & ~(1ull << NACRE_CAP_VGPU_PLUGINS);
}

/* Refuses what needs capabilities, by their names: NACRE_ERR_NOT_SUPPORTED. */
int capabilities_missing(const char *what, uint64_t missing);

#endif
