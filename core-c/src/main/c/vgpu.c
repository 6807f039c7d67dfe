/* SPDX-License-Identifier: Apache-2.0 */
#include "vgpu.h"

#include "error.h"

#include <stdlib.h>

/* TIMEOUT: how long a plugin may take to end: the vGPU series for Linux. Whether it has is asked each millisecond. */
#define END_MS 10000u
#define END_LOOK_US 1000u

int vgpu_control(struct core *core, const struct vgpu *vgpu, uint32_t command, void *params, uint32_t bytes) {
    const struct rm_session *session = gsp_client_session(vgpu->client);
    return rm_control(&core->gpu.rm, session->client, session->subdevice, command, params, bytes);
}

/* Leaves a virtual GPU to the next. With the lock. */
static void let_go(struct core *core, struct vgpu *vgpu) {
    vgpu->is_busy = false;
    pthread_cond_broadcast(&core->vgpu_moved);
}

int vgpu_enter(struct nacre_vgpu *handle, struct core **core, struct vgpu **vgpu) {
    void *found;
    int error = object_enter(handle, HANDLE_VGPU, NACRE_CAP_VGPU_PLUGINS, true, core, &found);
    if (error < 0) {
        return error;
    }
    struct vgpu *entered = found;
    while (entered != NULL && !entered->is_ending && entered->is_busy) {
        pthread_cond_wait(&(*core)->vgpu_moved, &(*core)->lock);
        entered = handle_object(handle, HANDLE_VGPU);
    }
    if (entered == NULL || entered->is_ending) {
        core_leave(*core);
        return fail(NACRE_ERR_STALE, "Virtual GPU is ended");
    }
    entered->is_busy = true;
    pthread_mutex_unlock(&(*core)->lock);
    *vgpu = entered;
    return 0;
}

void vgpu_leave(struct core *core, struct vgpu *vgpu) {
    pthread_mutex_lock(&core->lock);
    let_go(core, vgpu);
    core_leave(core);
}

static void warn(const struct core *core, const struct vgpu *vgpu, const char *what) {
    char reason[160];
    error_last(reason, sizeof reason);
    platform_log(core->platform, LOG_WARNING, "%s: vf=%u %s", what, vgpu->vf_index, reason);
}

/* Ends the plugin, if it was started. With the lock, which is left meanwhile; the virtual GPU is the caller's. */
static void end_plugin(struct core *core, struct vgpu *vgpu) {
    if (!vgpu->is_booted || !core_is_gpu_there(core)) {
        return;
    }
    uint8_t params[GFID_PARAMS_BYTES];
    put32(params, vgpu->gfid);
    if (vgpu_control(core, vgpu, VGPU_CTRL_SHUTDOWN, params, sizeof params) < 0) {
        warn(core, vgpu, "Plugin cannot be ended");
    }
    uint64_t end = now_ns() + (uint64_t)END_MS * 1000000u;
    for (;;) {
        bool is_late = now_ns() >= end;
        put32(params, vgpu->gfid);
        int error = vgpu_control(core, vgpu, VGPU_CTRL_CLEANUP, params, sizeof params);
        if (error >= 0) {
            break;
        }
        if (error != NACRE_ERR_BUSY || is_late) {
            warn(core, vgpu, "Plugin's state cannot be freed");
            break;
        }
        pthread_mutex_unlock(&core->lock);
        pause_us(END_LOOK_US);
        pthread_mutex_lock(&core->lock);
    }
    vgpu->is_booted = false;
}

/* Ends a virtual GPU that is the caller's, and frees it. With the lock, which is left meanwhile. */
static void end(struct core *core, struct vgpu *vgpu) {
    end_plugin(core, vgpu);
    object_remove(core, &vgpu->object);
    pthread_cond_broadcast(&core->vgpu_moved);
}

/* Has calls of it give up. */
static void set_ending(struct core *core, struct vgpu *vgpu) {
    __atomic_store_n(&vgpu->is_ending, true, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&core->vgpu_moved);
}

static struct vgpu *find_vgpu(const struct attachment *attachment) {
    struct object *object = attachment->objects;
    while (object != NULL && object->kind != HANDLE_VGPU) {
        object = object->next;
    }
    return (struct vgpu *)object;
}

void vgpus_end(struct core *core, struct attachment *attachment) {
    struct vgpu *vgpu;
    while ((vgpu = find_vgpu(attachment)) != NULL) {
        set_ending(core, vgpu);
        if (vgpu->is_busy) {
            pthread_cond_wait(&core->vgpu_moved, &core->lock);
        } else {
            vgpu->is_busy = true;
            end(core, vgpu);
        }
    }
}

void vgpu_destroy(struct core *core, struct vgpu *vgpu) {
    vgpu_area_unmap(core, vgpu);
    __atomic_store_n(&core->plugins[vgpu->gfid], PLUGIN_NONE, __ATOMIC_RELEASE);
    vgpu_samples_forget(&core->samples, vgpu->gfid);
    vgpu->client->users--;
    vgpu->chids->object.users--;
    vgpu->frame_buffer->object.users--;
    vgpu->heap->object.users--;
    core->vgpu_count--;
    free(vgpu);
}

int vgpu_stop(struct nacre_vgpu *handle) {
    struct core *core;
    void *found;
    int error = object_enter(handle, HANDLE_VGPU, NO_CAPABILITY, false, &core, &found);
    if (error < 0) {
        return error;
    }
    struct vgpu *vgpu = found;
    set_ending(core, vgpu);
    while (vgpu != NULL && vgpu->is_busy) {
        pthread_cond_wait(&core->vgpu_moved, &core->lock);
        vgpu = handle_object(handle, HANDLE_VGPU);
    }
    if (vgpu == NULL) {
        error = fail(NACRE_ERR_STALE, "Virtual GPU was ended");
    } else {
        vgpu->is_busy = true;
        end(core, vgpu);
    }
    core_leave(core);
    return error;
}

static bool knows_type(const struct core *core, uint32_t id) {
    bool is_known = false;
    for (uint32_t i = 0; i < core->vgpu_type_count; i++) {
        is_known |= core->vgpu_types[i] == id;
    }
    return is_known;
}

/* Whether a virtual function shows a virtual GPU, or any shows one of another type. */
static bool shows(const struct core *core, uint32_t vf_index, uint32_t type_id, bool is_function) {
    bool is_shown = false;
    for (const struct attachment *a = core->attachments; a != NULL; a = a->next) {
        for (const struct object *object = a->objects; object != NULL; object = object->next) {
            const struct vgpu *vgpu = (const struct vgpu *)object;
            is_shown |= object->kind == HANDLE_VGPU &&
                        (is_function ? vgpu->vf_index == vf_index : vgpu->type_id != type_id);
        }
    }
    return is_shown;
}

static int check_numbers(const struct core *core, const struct nacre_vgpu_request *request) {
    uint32_t vfs = core->gpu.sriov.total_vfs < VGPU_GFIDS ? core->gpu.sriov.total_vfs : VGPU_GFIDS - 1;
    if (!core->gpu.is_vgpu) {
        return fail(NACRE_ERR_NOT_SUPPORTED, "GPU is not shared by virtual functions");
    }
    if (request->vf_index >= vfs) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Virtual function is impossible: vf=%u allowed=below %u",
                    request->vf_index, vfs);
    }
    if (shows(core, request->vf_index, request->type_id, true)) {
        return fail(NACRE_ERR_EXISTS, "Virtual function shows a virtual GPU: vf=%u", request->vf_index);
    }
    if (!core->vgpu_types_mix && shows(core, request->vf_index, request->type_id, false)) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Virtual GPUs of another type run: type=%u", request->type_id);
    }
    if (!knows_type(core, request->type_id)) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Type was not defined: type=%u", request->type_id);
    }
    if (request->process_id < 1 || request->process_id > INT32_MAX) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Process is impossible: process=%u allowed=from 1",
                    request->process_id);
    }
    return request->pci_address == 0 ? fail(NACRE_ERR_INVALID_ARGUMENT, "Address of the virtual function is 0") : 0;
}

/* Finds the parts of a virtual GPU, and checks that they fit. */
static int find_parts(const struct core *core, const struct attachment *attachment,
                      const struct nacre_vgpu_request *request, struct vgpu *vgpu) {
    void *client;
    void *chids;
    void *frame_buffer;
    void *heap;
    int error = object_find(attachment, request->client, HANDLE_GSP_CLIENT, &client);
    if (error < 0 || (error = object_find(attachment, request->chids, HANDLE_CHIDS, &chids)) < 0 ||
        (error = object_find(attachment, request->frame_buffer, HANDLE_FB_MEM, &frame_buffer)) < 0 ||
        (error = object_find(attachment, request->heap, HANDLE_FB_MEM, &heap)) < 0) {
        return error;
    }
    vgpu->client = client;
    vgpu->chids = chids;
    vgpu->frame_buffer = frame_buffer;
    vgpu->heap = heap;
    const struct nacre_fb_mem_info *fb = &vgpu->frame_buffer->info;
    uint64_t segment = core->gpu.board.vmmu_segment_bytes;
    if (segment == 0 || ((fb->offset | fb->bytes) & (segment - 1)) != 0) {
        return fail(NACRE_ERR_INVALID_ARGUMENT,
                    "Frame buffer is not made of segments: offset=0x%llx bytes=0x%llx segment=0x%llx",
                    (unsigned long long)fb->offset, (unsigned long long)fb->bytes, (unsigned long long)segment);
    }
    if (vgpu->heap->info.bytes < NACRE_VGPU_MIN_HEAP_BYTES || heap == frame_buffer) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Heap is impossible: bytes=%llu allowed=from %u",
                    (unsigned long long)vgpu->heap->info.bytes, NACRE_VGPU_MIN_HEAP_BYTES);
    }
    if (((struct object *)client)->users + vgpu->chids->object.users + vgpu->frame_buffer->object.users +
            vgpu->heap->object.users > 0) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "A part is another virtual GPU's");
    }
    return 0;
}

/* Makes a virtual GPU that nobody can reach yet. With the lock. */
static int make(struct core *core, struct attachment *attachment, const struct nacre_vgpu_request *request,
                struct vgpu **made) {
    struct vgpu *vgpu = calloc(1, sizeof *vgpu);
    if (vgpu == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory");
    }
    int error = find_parts(core, attachment, request, vgpu);
    if (error >= 0) {
        error = object_add(core, attachment, HANDLE_VGPU, &vgpu->object);
    }
    if (error < 0) {
        free(vgpu);
        return error;
    }
    vgpu->vf_index = request->vf_index;
    vgpu->gfid = request->vf_index + 1;
    vgpu->type_id = request->type_id;
    vgpu->process_id = request->process_id;
    vgpu->pci_address = request->pci_address;
    memcpy(vgpu->uuid, request->uuid, sizeof vgpu->uuid);
    vgpu->is_busy = true;
    __atomic_store_n(&core->plugins[vgpu->gfid], PLUGIN_LIVES, __ATOMIC_RELEASE);
    vgpu->client->users++;
    vgpu->chids->object.users++;
    vgpu->frame_buffer->object.users++;
    vgpu->heap->object.users++;
    core->vgpu_count++;
    *made = vgpu;
    return 0;
}

/* Starts the plugin of a new virtual GPU. With the lock, which is left meanwhile. */
static int bring_up(struct core *core, struct vgpu *vgpu) {
    int error = vgpu_area_map(core, vgpu);
    if (error < 0) {
        return error;
    }
    pthread_mutex_unlock(&core->lock);
    error = vgpu_area_clear(core, vgpu);
    pthread_mutex_lock(&core->lock);
    if (error < 0 || (error = core_check(core)) < 0 || (error = vgpu_boot(core, vgpu)) < 0) {
        return error;
    }
    vgpu->is_booted = true;
    pthread_mutex_unlock(&core->lock);
    error = vgpu_set_up(core, vgpu);
    pthread_mutex_lock(&core->lock);
    return error;
}

static int start_locked(struct core *core, struct attachment *attachment, const struct nacre_vgpu_request *request,
                        void **handle) {
    struct vgpu *vgpu = NULL;
    int error = core->is_changing ? fail(NACRE_ERR_SUSPENDED, "Host goes to sleep or wakes up") : 0;
    if (error < 0 || (error = check_numbers(core, request)) < 0 ||
        (error = make(core, attachment, request, &vgpu)) < 0) {
        return error;
    }
    error = bring_up(core, vgpu);
    if (error < 0 && !vgpu->is_ending) {
        char reason[256];
        error_last(reason, sizeof reason);
        end(core, vgpu);
        return fail(error, "%s", reason);
    }
    if (vgpu->is_ending) {
        /* Whoever ends the attachment ends it too. */
        error = fail(NACRE_ERR_STALE, "Client was detached meanwhile");
    } else {
        *handle = vgpu->object.handle;
    }
    let_go(core, vgpu);
    return error;
}

int vgpu_start(struct nacre_attachment *attachment, const struct nacre_vgpu_request *request,
               struct nacre_vgpu **vgpu) {
    struct core *core;
    void *found;
    void *handle = NULL;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_VGPU_PLUGINS, true, &core, &found);
    if (error < 0) {
        return error;
    }
    if (request == NULL || request->size < sizeof *request || vgpu == NULL) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Request is missing, or of another version");
    } else {
        error = start_locked(core, found, request, &handle);
    }
    if (error >= 0) {
        *vgpu = handle;
    }
    core_leave(core);
    return error;
}

void vgpu_triggered(void *context, uint32_t gfid, uint32_t index) {
    struct core *core = context;
    if (gfid >= 1 && gfid < VGPU_GFIDS && __atomic_load_n(&core->plugins[gfid], __ATOMIC_ACQUIRE) != PLUGIN_NONE) {
        uint8_t lives = PLUGIN_LIVES;
        if (index == PLUGIN_TRIGGERED_FAILED) {
            (void)__atomic_compare_exchange_n(&core->plugins[gfid], &lives, PLUGIN_DIED, false, __ATOMIC_ACQ_REL,
                                              __ATOMIC_ACQUIRE);
        }
        struct nacre_event event = {.kind = NACRE_EVENT_VGPU_NOTICE, .vf_index = gfid - 1, .notify_index = index};
        events_post(core->events, &event);
    }
}

void vgpu_take_samples(void *context, const uint8_t *payload, uint32_t bytes) {
    struct core *core = context;
    vgpu_samples_take(&core->samples, payload, bytes, now_ns());
}
