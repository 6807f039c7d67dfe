/* SPDX-License-Identifier: Apache-2.0 */
/* The host's sleep, as the core goes through it: clients first, then the GPU; and back. */
#include "core.h"

#include "error.h"

#include <stdlib.h>

/* TIMEOUT: how long channels have to come to rest. */
#define IDLE_MS 1000u

/* All of the GPU's memory that has to be kept: the core's own, and what clients have. */
static struct keep *list_memory(struct core *core, uint32_t *count) {
    uint32_t parts = 2;
    for (const struct attachment *a = core->attachments; a != NULL; a = a->next) {
        for (const struct object *object = a->objects; object != NULL; object = object->next) {
            parts += object->kind == HANDLE_FB_MEM;
        }
    }
    struct keep *list = calloc(parts, sizeof *list);
    if (list == NULL) {
        return NULL;
    }
    list[0] = (struct keep){core->fb.own_region.offset, core->fb.own_region.bytes};
    list[1] = (struct keep){core->gpu.board.bar1_page_directory, PAGE_BYTES};
    *count = 2;
    for (const struct attachment *a = core->attachments; a != NULL; a = a->next) {
        for (const struct object *object = a->objects; object != NULL; object = object->next) {
            if (object->kind == HANDLE_FB_MEM) {
                const struct fb_mem *mem = (const struct fb_mem *)object;
                list[(*count)++] = (struct keep){mem->info.offset, mem->info.bytes};
            }
        }
    }
    return list;
}

/* Tells all clients, and waits until they have been told. Leaves the lock meanwhile. */
static void tell(struct core *core, uint32_t kind, bool wait) {
    struct nacre_event event = {.kind = kind};
    events_post(core->events, &event);
    if (wait) {
        pthread_mutex_unlock(&core->lock);
        events_await_all(core->events);
        pthread_mutex_lock(&core->lock);
    }
}

static int save(struct core *core) {
    uint32_t count = 0;
    struct keep *list = list_memory(core, &count);
    if (list == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a list");
    }
    int error = gpu_suspend(&core->gpu, list, count);
    free(list);
    return error;
}

/* Guests run in other machines, which do not sleep. */
static int check_no_vgpus(const struct core *core) {
    return core->vgpu_count > 0 ? fail(NACRE_ERR_BUSY, "Virtual GPUs run: count=%u", core->vgpu_count) : 0;
}

/* With the lock. */
static int suspend_locked(struct core *core) {
    int error = core_check(core);
    if (error >= 0 && core->is_changing) {
        error = fail(NACRE_ERR_BUSY, "Another thread suspends or resumes");
    }
    if (error < 0 || (error = check_no_vgpus(core)) < 0) {
        return error;
    }
    core->is_changing = true;
    tell(core, NACRE_EVENT_SUSPEND, true);
    error = core->is_closing ? fail(NACRE_ERR_GONE, "Core is being closed") : core_check(core);
    error = error < 0 ? error : check_no_vgpus(core);
    if (error >= 0 && !channels_await_idle(core, IDLE_MS)) {
        error = fail(NACRE_ERR_BUSY, "A channel does not come to rest: after=%ums", IDLE_MS);
    }
    if (error >= 0) {
        error = save(core);
    }
    if (error >= 0) {
        core->state = CORE_SUSPENDED;
    } else if (rpc_broken(&core->gpu.rpc) != 0) {
        core->state = CORE_GONE;
    } else {
        tell(core, NACRE_EVENT_RESUME, false);
    }
    core->is_changing = false;
    return error;
}

/* With the lock. */
static int resume_locked(struct core *core) {
    if (core->state == CORE_RUNNING) {
        return core_check(core);
    }
    int error = core->state == CORE_GONE ? core_check(core) : 0;
    if (error < 0) {
        return error;
    }
    error = gpu_resume(&core->gpu);
    if (error < 0) {
        core->state = CORE_GONE;
        rpc_break(&core->gpu.rpc, NACRE_ERR_GONE);
        return error;
    }
    core->state = CORE_RUNNING;
    objects_free_orphans(core);
    tell(core, NACRE_EVENT_RESUME, false);
    return 0;
}

int core_suspend(struct nacre_core *handle) {
    struct core *core;
    int error = core_enter(handle, &core);
    if (error >= 0) {
        error = suspend_locked(core);
        core_leave(core);
    }
    return error;
}

int core_resume(struct nacre_core *handle) {
    struct core *core;
    int error = core_enter(handle, &core);
    if (error >= 0) {
        error = resume_locked(core);
        core_leave(core);
    }
    return error;
}
