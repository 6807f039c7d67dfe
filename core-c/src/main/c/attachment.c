/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "error.h"

#include <stdio.h>
#include <stdlib.h>

static int stale(void) {
    return fail(NACRE_ERR_STALE, "What was freed or detached was used");
}

static struct attachment *attachment_of(enum handle_kind kind, void *object) {
    return kind == HANDLE_ATTACHMENT ? object : ((struct object *)object)->attachment;
}

int object_enter(const void *handle, enum handle_kind kind, int capability, bool needs_gpu, struct core **core,
                 void **object) {
    struct core *found = handle_hold(handle, kind);
    if (found == NULL) {
        return stale();
    }
    pthread_mutex_lock(&found->lock);
    *object = handle_object(handle, kind);
    struct attachment *attachment = *object == NULL ? NULL : attachment_of(kind, *object);
    int error = 0;
    if (attachment == NULL || attachment->is_ending) {
        error = stale();
    } else if (capability != NO_CAPABILITY && !(attachment->capabilities & 1ull << capability)) {
        error = capabilities_missing("Capability was not agreed", 1ull << capability);
    } else if (needs_gpu) {
        error = core_check(found);
    }
    if (error < 0) {
        core_leave(found);
        return error;
    }
    *core = found;
    return 0;
}

int object_find(const struct attachment *attachment, const void *handle, enum handle_kind kind, void **object) {
    struct object *found = handle_object(handle, kind);
    *object = found;
    if (found == NULL) {
        return fail(NACRE_ERR_STALE, "A part was freed");
    }
    return found->attachment != attachment ? fail(NACRE_ERR_INVALID_ARGUMENT, "A part is another client's") : 0;
}

int object_check_unused(const struct object *object) {
    return object->users > 0 ? fail(NACRE_ERR_BUSY, "It is a part of a virtual GPU") : 0;
}

int object_add(struct core *core, struct attachment *attachment, enum handle_kind kind, struct object *object) {
    object->kind = kind;
    object->attachment = attachment;
    object->handle = handle_new(kind, core, object);
    if (object->handle == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a handle");
    }
    object->previous = NULL;
    object->next = attachment->objects;
    if (object->next != NULL) {
        object->next->previous = object;
    }
    attachment->objects = object;
    return 0;
}

static void destroy(struct core *core, struct object *object) {
    switch (object->kind) {
    case HANDLE_GSP_CLIENT:
        gsp_client_destroy(core, object);
        break;
    case HANDLE_CHIDS:
        chids_destroy(core, (struct chids *)object);
        break;
    case HANDLE_FB_MEM:
        fb_mem_destroy(core, (struct fb_mem *)object);
        break;
    case HANDLE_CE_CHANNEL:
        ce_channel_destroy(core, (struct ce_channel *)object);
        break;
    case HANDLE_VGPU:
        vgpu_destroy(core, (struct vgpu *)object);
        break;
    default:
        break;
    }
}

void object_remove(struct core *core, struct object *object) {
    struct attachment *attachment = object->attachment;
    handle_drop(object->handle);
    if (object->previous != NULL) {
        object->previous->next = object->next;
    } else {
        attachment->objects = object->next;
    }
    if (object->next != NULL) {
        object->next->previous = object->previous;
    }
    if (core->state == CORE_SUSPENDED) {
        object->attachment = NULL;
        object->next = core->orphans;
        core->orphans = object;
    } else {
        destroy(core, object);
    }
}

/* Kinds in the order in which they can go: what others use goes last. */
static const enum handle_kind ORDER[] = {HANDLE_CE_CHANNEL, HANDLE_FB_MEM, HANDLE_CHIDS, HANDLE_GSP_CLIENT};

void objects_free_orphans(struct core *core) {
    for (size_t i = 0; i < ARRAY_SIZE(ORDER); i++) {
        struct object **link = &core->orphans;
        while (*link != NULL) {
            struct object *object = *link;
            if (object->kind == ORDER[i]) {
                *link = object->next;
                destroy(core, object);
            } else {
                link = &object->next;
            }
        }
    }
}

static void remove_objects(struct core *core, struct attachment *attachment) {
    for (size_t i = 0; i < ARRAY_SIZE(ORDER); i++) {
        struct object *next;
        for (struct object *object = attachment->objects; object != NULL; object = next) {
            next = object->next;
            if (object->kind == ORDER[i]) {
                object_remove(core, object);
            }
        }
    }
}

void attachment_end(struct core *core, struct attachment *attachment) {
    struct events *events = core->events;
    attachment->is_ending = true;
    handle_drop(attachment->handle);
    vgpus_end(core, attachment);
    remove_objects(core, attachment);
    pthread_mutex_unlock(&core->lock);
    events_unsubscribe(events, attachment->listener);
    pthread_mutex_lock(&core->lock);
    struct attachment **link = &core->attachments;
    while (*link != attachment) {
        link = &(*link)->next;
    }
    *link = attachment->next;
    free(attachment);
    pthread_cond_broadcast(&core->detached);
}

static int check_client(const struct core *core, const struct nacre_client *client, uint32_t *version) {
    *version = client->newest_version < NACRE_CORE_VERSION ? client->newest_version : NACRE_CORE_VERSION;
    if (client->kind < NACRE_CLIENT_VFIO || client->kind > NACRE_CLIENT_TOOL || client->oldest_version < 1 ||
        client->newest_version < client->oldest_version || client->name == NULL || client->name[0] == 0) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Client is impossible: kind=%u versions=%u to %u", client->kind,
                    client->oldest_version, client->newest_version);
    }
    const struct attachment *other = core->attachments;
    if (other != NULL && other->kind != client->kind) {
        return fail(NACRE_ERR_BUSY, "Clients of another kind have the GPU: client=%s kind=%u", other->name,
                    other->kind);
    }
    if (*version < client->oldest_version) {
        return fail(NACRE_ERR_VERSION, "No version is known to both sides: core=%u client=%u to %u",
                    NACRE_CORE_VERSION, client->oldest_version, client->newest_version);
    }
    uint64_t missing = client->required & ~capabilities_of(core->gpu.is_vgpu);
    return missing != 0 ? capabilities_missing("Core lacks what the client requires", missing) : 0;
}

static int attach_locked(struct core *core, const struct nacre_client *client, struct attachment **made) {
    uint32_t version = 0;
    int error = core_check(core);
    if (error >= 0 && core->is_changing) {
        error = fail(NACRE_ERR_SUSPENDED, "Host goes to sleep or wakes up");
    }
    if (error < 0 || (error = check_client(core, client, &version)) < 0) {
        return error;
    }
    struct attachment *attachment = calloc(1, sizeof *attachment);
    if (attachment == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for an attachment");
    }
    attachment->kind = client->kind;
    attachment->version = version;
    attachment->capabilities = capabilities_of(core->gpu.is_vgpu);
    snprintf(attachment->name, sizeof attachment->name, "%s", client->name);
    attachment->handle = handle_new(HANDLE_ATTACHMENT, core, attachment);
    error = attachment->handle == NULL
                ? fail(NACRE_ERR_NO_MEMORY, "No memory for a handle")
                : events_subscribe(core->events, client->on_event, client->context, &attachment->listener);
    if (error < 0) {
        handle_drop(attachment->handle);
        free(attachment);
        return error;
    }
    attachment->next = core->attachments;
    core->attachments = attachment;
    *made = attachment;
    return 0;
}

int attachment_attach(struct nacre_core *core, const struct nacre_client *client,
                      struct nacre_attachment **attachment) {
    struct core *entered;
    int error = core_enter(core, &entered);
    if (error < 0) {
        return error;
    }
    if (client == NULL || attachment == NULL || client->size < sizeof *client) {
        core_leave(entered);
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Client is missing, or of another version");
    }
    struct attachment *made = NULL;
    void *handle = NULL;
    error = attach_locked(entered, client, &made);
    if (error >= 0) {
        handle = made->handle;
        struct listener *listener = made->listener;
        pthread_mutex_unlock(&entered->lock);
        events_await_start(entered->events, listener);
        pthread_mutex_lock(&entered->lock);
        *attachment = handle;
    }
    core_leave(entered);
    return error;
}

int attachment_detach(struct nacre_attachment *attachment) {
    struct core *core;
    void *found;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NO_CAPABILITY, false, &core, &found);
    if (error < 0) {
        return error;
    }
    attachment_end(core, found);
    core_leave(core);
    return 0;
}

int attachment_version(struct nacre_attachment *attachment) {
    struct core *core;
    void *found;
    int result = object_enter(attachment, HANDLE_ATTACHMENT, NO_CAPABILITY, false, &core, &found);
    if (result >= 0) {
        result = (int)((struct attachment *)found)->version;
        core_leave(core);
    }
    return result;
}

uint64_t attachment_capabilities(struct nacre_attachment *attachment) {
    struct core *core;
    void *found;
    uint64_t capabilities = 0;
    if (object_enter(attachment, HANDLE_ATTACHMENT, NO_CAPABILITY, false, &core, &found) >= 0) {
        capabilities = ((struct attachment *)found)->capabilities;
        core_leave(core);
    }
    return capabilities;
}
