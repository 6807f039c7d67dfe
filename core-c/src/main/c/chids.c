/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "error.h"

#include <stdlib.h>

static int alloc_locked(struct core *core, struct attachment *attachment, uint32_t count, struct chids **made) {
    if (count < 1 || count > INT32_MAX) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Number of channel ids is impossible: count=%u allowed=1 or more",
                    count);
    }
    struct chids *chids = calloc(1, sizeof *chids);
    if (chids == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory");
    }
    int first = chids_take(&core->chids, count);
    int error = first < 0 ? fail(first, "No such range of channel ids is free: count=%u free=%u", count,
                                 core->chids.pool_free)
                          : object_add(core, attachment, HANDLE_CHIDS, &chids->object);
    if (error < 0) {
        if (first >= 0) {
            chids_give(&core->chids, (uint32_t)first, count);
        }
        free(chids);
        return error;
    }
    chids->first = (uint32_t)first;
    chids->count = count;
    *made = chids;
    return 0;
}

int chids_alloc(struct nacre_attachment *attachment, uint32_t count, struct nacre_chids **chids, uint32_t *first) {
    struct core *core;
    void *found;
    struct chids *made = NULL;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_CHID_ALLOC, true, &core, &found);
    if (error < 0) {
        return error;
    }
    error = chids == NULL ? fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the handle is missing")
                          : alloc_locked(core, found, count, &made);
    if (error >= 0) {
        *chids = made->object.handle;
        if (first != NULL) {
            *first = made->first;
        }
    }
    core_leave(core);
    return error;
}

int chids_free(struct nacre_chids *chids) {
    struct core *core;
    void *found;
    int error = object_enter(chids, HANDLE_CHIDS, NO_CAPABILITY, false, &core, &found);
    if (error < 0) {
        return error;
    }
    if (((struct chids *)found)->used > 0) {
        error = fail(NACRE_ERR_BUSY, "Channel ids have channels: channels=%u", ((struct chids *)found)->used);
    } else if ((error = object_check_unused(found)) >= 0) {
        object_remove(core, found);
    }
    core_leave(core);
    return error;
}

void chids_destroy(struct core *core, struct chids *chids) {
    chids_give(&core->chids, chids->first, chids->count);
    free(chids);
}

int chids_available(struct nacre_attachment *attachment) {
    struct core *core;
    void *found;
    int result = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_CHID_ALLOC, false, &core, &found);
    if (result >= 0) {
        result = (int)core->chids.pool_free;
        core_leave(core);
    }
    return result;
}
