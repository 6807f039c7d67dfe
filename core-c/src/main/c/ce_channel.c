/* SPDX-License-Identifier: Apache-2.0 */
#include "ce_channel.h"

#include "error.h"
#include "rm.h"

#include <stdlib.h>

/* Puts a channel where the interrupt thread finds it, or takes it from there. */
static void set_live(struct core *core, struct ce_channel *channel, bool live) {
    struct channels *channels = &core->channels;
    pthread_mutex_lock(&channels->lock);
    struct ce_channel **link = &channels->first;
    while (*link != NULL && *link != channel) {
        link = &(*link)->next_live;
    }
    if (live) {
        channel->next_live = NULL;
        *link = channel;
    } else if (*link == channel) {
        *link = channel->next_live;
    }
    pthread_cond_broadcast(&channels->moved);
    pthread_mutex_unlock(&channels->lock);
}

static bool is_id_used(struct core *core, uint32_t id) {
    bool is_used = false;
    pthread_mutex_lock(&core->channels.lock);
    for (const struct ce_channel *channel = core->channels.first; channel != NULL; channel = channel->next_live) {
        is_used |= channel->id == id;
    }
    pthread_mutex_unlock(&core->channels.lock);
    return is_used;
}

/* Takes the channel's id: of a client's range, or one of the core's. */
static int take_id(struct core *core, struct ce_channel *channel, struct chids *chids, uint32_t index) {
    if (chids == NULL) {
        if (index != 0) {
            return fail(NACRE_ERR_INVALID_ARGUMENT, "Index is impossible: index=%u allowed=0", index);
        }
        int id = chids_take_own(&core->chids);
        if (id < 0) {
            return fail(id, "No channel id is left");
        }
        channel->id = (uint32_t)id;
    } else {
        if (index >= chids->count) {
            return fail(NACRE_ERR_INVALID_ARGUMENT, "Index is impossible: index=%u allowed=0 to %u", index,
                        chids->count - 1);
        }
        channel->id = chids->first + index;
        if (is_id_used(core, channel->id)) {
            return fail(NACRE_ERR_BUSY, "Channel id has a channel: id=%u", channel->id);
        }
        chids->used++;
    }
    channel->chids = chids;
    channel->has_id = true;
    return 0;
}

static void tell(struct core *core, uint32_t kind, uint32_t id) {
    struct nacre_event event = {.kind = kind, .channel_id = id};
    events_post(core->events, &event);
}

void ce_channel_destroy(struct core *core, struct ce_channel *channel) {
    set_live(core, channel, false);
    while (channel->mappings != NULL) {
        struct channel_mapping *next = channel->mappings->next;
        channel->mappings->mem->mappings--;
        free(channel->mappings);
        channel->mappings = next;
    }
    channel_tear_down(core, channel);
    if (channel->has_id && channel->chids != NULL) {
        channel->chids->used--;
    } else if (channel->has_id) {
        chids_give_own(&core->chids, channel->id);
    }
    if (channel->is_told) {
        tell(core, NACRE_EVENT_CHANNEL_END, channel->id);
    }
    free(channel);
}

static int alloc_locked(struct core *core, struct attachment *attachment, struct chids *chids, uint32_t index,
                        struct ce_channel **made) {
    struct ce_channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory");
    }
    int error = take_id(core, channel, chids, index);
    if (error >= 0) {
        error = channel_set_up(core, channel);
    }
    if (error >= 0) {
        error = object_add(core, attachment, HANDLE_CE_CHANNEL, &channel->object);
    }
    if (error < 0) {
        ce_channel_destroy(core, channel);
        return error;
    }
    set_live(core, channel, true);
    channel->is_told = true;
    tell(core, NACRE_EVENT_CHANNEL_START, channel->id);
    *made = channel;
    return 0;
}

int ce_channel_alloc(struct nacre_attachment *attachment, struct nacre_chids *chids, uint32_t index,
                     struct nacre_ce_channel **channel, struct nacre_channel_info *info) {
    struct core *core;
    void *found;
    struct ce_channel *made = NULL;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_CE_CHAN_ALLOC, true, &core, &found);
    if (error < 0) {
        return error;
    }
    struct chids *range = chids == NULL ? NULL : handle_object(chids, HANDLE_CHIDS);
    if (channel == NULL) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the handle is missing");
    } else if (chids != NULL && (range == NULL || range->object.attachment != found)) {
        error = fail(NACRE_ERR_STALE, "Channel ids were freed, or are another client's");
    } else {
        error = alloc_locked(core, found, range, index, &made);
    }
    if (error >= 0) {
        *channel = made->object.handle;
        if (info != NULL) {
            *info = (struct nacre_channel_info){made->id, core->gpu.chip->copy_class};
        }
    }
    core_leave(core);
    return error;
}

int ce_channel_free(struct nacre_ce_channel *channel) {
    struct core *core;
    void *found;
    int error = object_enter(channel, HANDLE_CE_CHANNEL, NO_CAPABILITY, false, &core, &found);
    if (error >= 0) {
        object_remove(core, found);
        core_leave(core);
    }
    return error;
}

static int map_locked(struct ce_channel *channel, struct fb_mem *mem, const struct nacre_map_request *request,
                      uint64_t *address) {
    int error = map_request_check(request, mem->info.bytes);
    if (error < 0) {
        return error;
    }
    struct channel_mapping *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory");
    }
    struct vmm_mapping mapping = {.physical = mem->info.offset + request->offset,
                                  .bytes = request->bytes,
                                  .target = VMM_VIDEO,
                                  .huge = request->huge_pages && request->bytes >= HUGE_PAGE_BYTES};
    error = ranges_take(&channel->space, mapping.bytes, mapping.huge ? HUGE_PAGE_BYTES : PAGE_BYTES, mapping.physical,
                        &mapping.address);
    if (error == NACRE_ERR_NO_SPACE) {
        error = fail(error, "Channel's address space is full: bytes=%llu", (unsigned long long)mapping.bytes);
    } else if (error >= 0) {
        error = vmm_map(&channel->vmm, &mapping);
        if (error < 0) {
            (void)ranges_add(&channel->space, mapping.address, mapping.bytes);
        }
    }
    if (error < 0) {
        free(made);
        return error;
    }
    *made = (struct channel_mapping){channel->mappings, mapping.address, mapping.bytes, mem};
    channel->mappings = made;
    mem->mappings++;
    *address = mapping.address;
    return 0;
}

int ce_channel_map(struct nacre_ce_channel *channel, struct nacre_fb_mem *mem, const struct nacre_map_request *request,
                   uint64_t *address) {
    struct core *core;
    void *found;
    int error = object_enter(channel, HANDLE_CE_CHANNEL, NACRE_CAP_CHAN_MEM_MAP, true, &core, &found);
    if (error < 0) {
        return error;
    }
    struct ce_channel *owner = found;
    struct fb_mem *memory = handle_object(mem, HANDLE_FB_MEM);
    if (memory == NULL || memory->object.attachment != owner->object.attachment) {
        error = fail(NACRE_ERR_STALE, "Memory was freed, or is another client's");
    } else if (address == NULL) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the address is missing");
    } else {
        error = map_locked(owner, memory, request, address);
    }
    core_leave(core);
    return error;
}

static int unmap_locked(struct core *core, struct ce_channel *channel, uint64_t address) {
    struct channel_mapping **link = &channel->mappings;
    while (*link != NULL && (*link)->address != address) {
        link = &(*link)->next;
    }
    struct channel_mapping *mapping = *link;
    if (mapping == NULL) {
        return fail(NACRE_ERR_STALE, "Nothing is mapped there: address=0x%llx", (unsigned long long)address);
    }
    if (core->state == CORE_SUSPENDED) {
        return core_check(core);
    }
    int error = vmm_unmap(&channel->vmm, mapping->address, mapping->bytes, core_is_gpu_there(core));
    (void)ranges_add(&channel->space, mapping->address, mapping->bytes);
    mapping->mem->mappings--;
    *link = mapping->next;
    free(mapping);
    return error;
}

int ce_channel_unmap(struct nacre_ce_channel *channel, uint64_t address) {
    struct core *core;
    void *found;
    int error = object_enter(channel, HANDLE_CE_CHANNEL, NACRE_CAP_CHAN_MEM_MAP, false, &core, &found);
    if (error >= 0) {
        error = unmap_locked(core, found, address);
        core_leave(core);
    }
    return error;
}
