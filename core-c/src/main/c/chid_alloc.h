/* SPDX-License-Identifier: Apache-2.0 */
/* Gives out channel ids: a pool for virtual GPUs at the top, the rest for the core's own channels. Not locked. */
#ifndef NACRE_CHID_ALLOC_H
#define NACRE_CHID_ALLOC_H

#include "base.h"

/* HW: 9 + 3 bits of NVOS04_FLAGS name a channel */
#define CHIDS_MAX 4096u
/* What the core keeps at least for itself. */
#define CHIDS_OWN 64u

struct chid_alloc {
    uint8_t used[CHIDS_MAX];
    uint32_t channels;
    uint32_t pool_first; /* the pool is from here to the end */
    uint32_t pool_free;
};

/* Makes all ids free but 0, which the firmware keeps for its own. The pool is clipped to what can be spared. */
void chids_init(struct chid_alloc *chids, uint32_t channels, uint32_t pool);
/* Takes a range of the pool: the first, or NACRE_ERR_NO_SPACE. */
int chids_take(struct chid_alloc *chids, uint32_t count);
void chids_give(struct chid_alloc *chids, uint32_t first, uint32_t count);
/* Takes one that is not the pool's. */
int chids_take_own(struct chid_alloc *chids);
void chids_give_own(struct chid_alloc *chids, uint32_t id);

#endif
