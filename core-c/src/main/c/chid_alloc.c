/* SPDX-License-Identifier: Apache-2.0 */
#include "chid_alloc.h"

/* HW: nouveau nvkm/subdev/gsp/rm/r570/rm.c: RM has channel 0 */
#define FIRST_OWN 1u

void chids_init(struct chid_alloc *chids, uint32_t channels, uint32_t pool) {
    memset(chids, 0, sizeof *chids);
    chids->channels = channels > CHIDS_MAX ? CHIDS_MAX : channels;
    uint32_t spare = chids->channels > CHIDS_OWN ? chids->channels - CHIDS_OWN : 0;
    chids->pool_free = pool < spare ? pool : spare;
    chids->pool_first = chids->channels - chids->pool_free;
}

int chids_take(struct chid_alloc *chids, uint32_t count) {
    uint32_t run = 0;
    for (uint32_t id = chids->pool_first; id < chids->channels && count > 0; id++) {
        run = chids->used[id] ? 0 : run + 1;
        if (run == count) {
            uint32_t first = id + 1 - count;
            memset(chids->used + first, 1, count);
            chids->pool_free -= count;
            return (int)first;
        }
    }
    return NACRE_ERR_NO_SPACE;
}

void chids_give(struct chid_alloc *chids, uint32_t first, uint32_t count) {
    memset(chids->used + first, 0, count);
    chids->pool_free += count;
}

int chids_take_own(struct chid_alloc *chids) {
    for (uint32_t id = FIRST_OWN; id < chids->pool_first; id++) {
        if (!chids->used[id]) {
            chids->used[id] = 1;
            return (int)id;
        }
    }
    return NACRE_ERR_NO_SPACE;
}

void chids_give_own(struct chid_alloc *chids, uint32_t id) {
    chids->used[id] = 0;
}
