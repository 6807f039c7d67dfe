/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "error.h"
#include "regs.h"
#include "rm.h"

#include <stdlib.h>

/* TIMEOUT: how long clients have to detach when the core loses its GPU, and how often a listener that closes the core
 * itself delivers what others are still to be told. */
#define UNBIND_MS 5000u
#define UNBIND_LOOK_MS 10u

bool core_is_gpu_there(struct core *core) {
    return core->state == CORE_RUNNING && !platform_gone(core->platform);
}

int core_check(struct core *core) {
    if (core->state == CORE_GONE || platform_gone(core->platform)) {
        return fail(NACRE_ERR_GONE, "GPU has gone");
    }
    return core->state == CORE_SUSPENDED ? fail(NACRE_ERR_SUSPENDED, "Host sleeps") : 0;
}

int core_enter(const struct nacre_core *handle, struct core **core) {
    struct core *found = handle_hold(handle, HANDLE_CORE);
    if (found == NULL) {
        return fail(NACRE_ERR_GONE, "Core was closed");
    }
    pthread_mutex_lock(&found->lock);
    if (found->is_closing) {
        core_leave(found);
        return fail(NACRE_ERR_GONE, "Core is being closed");
    }
    *core = found;
    return 0;
}

void core_leave(struct core *core) {
    pthread_mutex_unlock(&core->lock);
    handle_release(core);
}

static void init_locks(struct core *core) {
    pthread_mutex_init(&core->lock, NULL);
    condition_init(&core->detached);
    condition_init(&core->vgpu_moved);
    pthread_mutex_init(&core->samples.lock, NULL);
    pthread_mutex_init(&core->channels.lock, NULL);
    condition_init(&core->channels.moved);
}

static void free_core(struct core *core) {
    pthread_cond_destroy(&core->channels.moved);
    pthread_mutex_destroy(&core->channels.lock);
    pthread_mutex_destroy(&core->samples.lock);
    pthread_cond_destroy(&core->vgpu_moved);
    pthread_cond_destroy(&core->detached);
    pthread_mutex_destroy(&core->lock);
    free(core);
}

/* Ends what is above the GPU, then the GPU. */
static void tear_down(struct core *core) {
    objects_free_orphans(core);
    bar1_destroy(core);
    fb_alloc_clear(&core->fb);
    gpu_shut_down(&core->gpu);
}

static int set_up(struct core *core, uint32_t vgpu_channels) {
    const struct nacre_platform *p = core->platform;
    core->pci_id = p->read32(p->context, REGION_CONFIG, PCI_ID);
    core->pci_subsystem = p->read32(p->context, REGION_CONFIG, PCI_SUBSYSTEM);
    core->pci_class = p->read32(p->context, REGION_CONFIG, PCI_REVISION);
    chids_init(&core->chids, core->gpu.board.channels, vgpu_channels);
    core->vgpu_channels = core->chids.pool_free;
    int error = fb_alloc_init(&core->fb, &core->gpu.board);
    if (error >= 0) {
        error = bar1_create(core);
    }
    if (error >= 0) {
        core->handle = handle_new(HANDLE_CORE, core, core);
        error = core->handle == NULL ? fail(NACRE_ERR_NO_MEMORY, "No memory for a handle") : 0;
    }
    return error;
}

int core_open(const struct nacre_platform *platform, const struct nacre_core_config *config, struct core **core) {
    struct core *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a core");
    }
    made->platform = platform;
    init_locks(made);
    int error = events_create(&made->events);
    if (error >= 0) {
        struct gpu_listener listener = {made, channels_failed, channels_non_stall, vgpu_triggered, vgpu_take_samples};
        error = gpu_boot(&made->gpu, platform, config, &listener);
        if (error >= 0) {
            error = set_up(made, config->vgpu_channels);
            if (error < 0) {
                tear_down(made);
            }
        }
        if (error < 0) {
            events_destroy(made->events);
        }
    }
    if (error < 0) {
        free_core(made);
        return error;
    }
    *core = made;
    return 0;
}

/* An attachment that nobody ends yet, or NULL. */
static struct attachment *find_idle(struct core *core) {
    struct attachment *attachment = core->attachments;
    while (attachment != NULL && attachment->is_ending) {
        attachment = attachment->next;
    }
    return attachment;
}

/* Waits until all clients have detached, and at the end of the time ends those that have not. With the lock. */
static void unbind(struct core *core) {
    struct nacre_event event = {.kind = NACRE_EVENT_DRIVER_UNBIND};
    uint64_t end = now_ns() + (uint64_t)UNBIND_MS * 1000000u;
    bool is_own = events_is_own_thread(core->events);
    events_post(core->events, &event);
    while (core->attachments != NULL) {
        struct attachment *late = now_ns() >= end ? find_idle(core) : NULL;
        if (late != NULL) {
            platform_log(core->platform, LOG_WARNING, "Client did not detach: client=%s", late->name);
            attachment_end(core, late);
            continue;
        }
        if (is_own) {
            pthread_mutex_unlock(&core->lock);
            events_await_all(core->events);
            pthread_mutex_lock(&core->lock);
        }
        if (core->attachments != NULL) {
            condition_wait_ns(&core->detached, &core->lock, (uint64_t)UNBIND_LOOK_MS * 1000000u);
        }
    }
}

static void core_close(struct nacre_core *handle) {
    struct core *core;
    if (core_enter(handle, &core) < 0) {
        return;
    }
    core->is_closing = true;
    unbind(core);
    handle_drop(core->handle);
    pthread_mutex_unlock(&core->lock);
    handle_wait_released(core, 1);
    tear_down(core);
    events_destroy(core->events);
    free_core(core);
}

static const char *core_implementation(struct nacre_core *core) {
    (void)core;
    return "c";
}

static uint64_t core_capabilities(struct nacre_core *core) {
    struct core *entered;
    uint64_t capabilities = CORE_CAPABILITIES;
    if (core_enter(core, &entered) >= 0) {
        capabilities = capabilities_of(entered->gpu.is_vgpu);
        core_leave(entered);
    }
    return capabilities;
}

static void fill_board_info(const struct core *core, struct nacre_board_info *info) {
    const struct board *board = &core->gpu.board;
    info->ecc = board->ecc;
    memcpy(info->chip, core->gpu.chip->name, strlen(core->gpu.chip->name));
    memcpy(info->name, board->name, sizeof info->name);
    memcpy(info->uuid, board->uuid, sizeof info->uuid);
    memcpy(info->firmware, core->gpu.firmware.abi->version, strlen(core->gpu.firmware.abi->version));
    info->fb_bytes = board->fb_bytes;
    info->bar1_bytes = core->bar1_bytes;
    info->vmmu_segment_bytes = board->vmmu_segment_bytes;
    info->channels = board->channels;
    info->vgpu_channels = core->vgpu_channels;
    info->fb_region_count = board->fb_region_count;
    memcpy(info->fb_regions, board->fb_regions, sizeof info->fb_regions);
    info->pci_id = core->pci_id;
    info->pci_subsystem = core->pci_subsystem;
    info->pci_class = core->pci_class;
    info->chipset = NV_PMC_BOOT_0_CHIPSET(core->gpu.boot_0);
    info->chip_revision = NV_PMC_BOOT_0_REVISION(core->gpu.boot_0);
    info->gpcs = board->gpcs;
    info->tpcs = board->tpcs;
}

static int core_board_info(struct nacre_core *handle, struct nacre_board_info *info) {
    struct core *core;
    struct nacre_board_info filled = {0};
    int error = core_enter(handle, &core);
    if (error < 0) {
        return error;
    }
    if (info == NULL || info->size < 2 * sizeof(uint32_t)) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the information is missing, or too small");
    } else {
        filled.size = info->size;
        fill_board_info(core, &filled);
        memcpy(info, &filled, info->size < sizeof filled ? info->size : sizeof filled);
    }
    core_leave(core);
    return error;
}

static int core_vgpu_is_enabled(struct nacre_core *handle) {
    struct core *core;
    int result = core_enter(handle, &core);
    if (result >= 0) {
        result = core->gpu.is_vgpu;
        core_leave(core);
    }
    return result;
}

static int core_owner(struct nacre_core *handle) {
    struct core *core;
    int result = core_enter(handle, &core);
    if (result >= 0) {
        result = core->attachments == NULL ? 0 : (int)core->attachments->kind;
        core_leave(core);
    }
    return result;
}

static bool has_copy_beside(const struct board *board, const struct board_engine *engine) {
    for (uint32_t i = 0; i < board->engine_count; i++) {
        if (board->engines[i].engine.type == NACRE_ENGINE_COPY && board->engines[i].runlist == engine->runlist) {
            return true;
        }
    }
    return false;
}

/* Copies an engine, and adds the classes of the objects that its channels can have. */
static void fill_engine(const struct core *core, const struct board_engine *engine, struct nacre_engine *to) {
    const struct chip *chip = core->gpu.chip;
    *to = engine->engine;
    if (engine->runlist < 0) {
        return;
    }
    if (engine->engine.type == NACRE_ENGINE_COPY) {
        to->classes[to->class_count++] = chip->copy_class;
    } else if (engine->engine.type == NACRE_ENGINE_GRAPHICS) {
        bool copies = has_copy_beside(&core->gpu.board, engine);
        for (uint32_t i = 0; i < NACRE_MAX_ENGINE_CLASSES && chip->graphics_classes[i] != 0; i++) {
            if (copies || chip->graphics_classes[i] != chip->copy_class) {
                to->classes[to->class_count++] = chip->graphics_classes[i];
            }
        }
    }
}

static int core_engines(struct nacre_core *handle, struct nacre_engine *to, uint32_t capacity) {
    struct core *core;
    int result = core_enter(handle, &core);
    if (result < 0) {
        return result;
    }
    const struct board *board = &core->gpu.board;
    if (to == NULL && capacity > 0) {
        result = fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the engines is missing");
    } else {
        result = (int)board->engine_count;
        for (uint32_t i = 0; i < board->engine_count && i < capacity; i++) {
            fill_engine(core, &board->engines[i], &to[i]);
        }
    }
    core_leave(core);
    return result;
}

static int core_engine_bitmap_size(struct nacre_core *handle) {
    struct core *core;
    int result = core_enter(handle, &core);
    if (result >= 0) {
        result = (int)ENGINE_BITMAP_BYTES;
        core_leave(core);
    }
    return result;
}

static int core_engine_bitmap(struct nacre_core *handle, void *bitmap, uint32_t bytes) {
    struct core *core;
    int error = core_enter(handle, &core);
    if (error < 0) {
        return error;
    }
    if (bitmap == NULL || bytes < ENGINE_BITMAP_BYTES) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the engines is too small: bytes=%u needed=%u", bytes,
                     ENGINE_BITMAP_BYTES);
    } else {
        uint8_t *bits = bitmap;
        memset(bits, 0, bytes);
        for (uint32_t i = 0; i < core->gpu.board.engine_count; i++) {
            uint32_t bit = core->gpu.board.engines[i].engine.bit;
            bits[bit / 8] |= (uint8_t)(1u << bit % 8);
        }
    }
    core_leave(core);
    return error;
}

static int core_sriov_configure(struct nacre_core *handle, uint32_t num_vfs) {
    struct core *core;
    struct nacre_event event = {.kind = NACRE_EVENT_SRIOV_CONFIGURE, .num_vfs = num_vfs};
    int error = core_enter(handle, &core);
    if (error < 0) {
        return error;
    }
    error = core_check(core);
    if (error >= 0 && num_vfs > 0 && !core->gpu.is_vgpu) {
        error = fail(NACRE_ERR_NOT_SUPPORTED, "GPU is not shared by virtual functions");
    } else if (error >= 0 && num_vfs > core->gpu.sriov.total_vfs) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Number of virtual functions is impossible: count=%u allowed=0 to %u",
                     num_vfs, core->gpu.sriov.total_vfs);
    }
    if (error >= 0) {
        pthread_mutex_unlock(&core->lock);
        events_post(core->events, &event);
        events_await_all(core->events);
        pthread_mutex_lock(&core->lock);
    }
    core_leave(core);
    return error;
}

const struct nacre_core_ops CORE_OPS = {
    .size = sizeof(struct nacre_core_ops),
    .version = NACRE_CORE_VERSION,
    .last_error = error_last,
    .implementation = core_implementation,
    .capabilities = core_capabilities,
    .board_info = core_board_info,
    .vgpu_is_enabled = core_vgpu_is_enabled,
    .owner = core_owner,
    .engines = core_engines,
    .engine_bitmap_size = core_engine_bitmap_size,
    .engine_bitmap = core_engine_bitmap,
    .sriov_configure = core_sriov_configure,
    .suspend = core_suspend,
    .resume = core_resume,
    .close = core_close,
    .attach = attachment_attach,
    .detach = attachment_detach,
    .agreed_version = attachment_version,
    .agreed_capabilities = attachment_capabilities,
    .alloc_gsp_client = gsp_client_alloc,
    .free_gsp_client = gsp_client_free,
    .get_gsp_client_handle = gsp_client_handle,
    .rm_ctrl_get = gsp_client_ctrl_get,
    .rm_ctrl_wr = gsp_client_ctrl_wr,
    .rm_ctrl_rd = gsp_client_ctrl_rd,
    .rm_ctrl_done = gsp_client_ctrl_done,
    .alloc_chids = chids_alloc,
    .free_chids = chids_free,
    .get_avail_chids = chids_available,
    .alloc_fbmem = fb_mem_alloc,
    .free_fbmem = fb_mem_free,
    .get_total_fbmem_size = fb_mem_total,
    .bar1_map_mem = bar1_map,
    .bar1_unmap_mem = bar1_unmap,
    .bar1_read = bar1_read,
    .bar1_write = bar1_write,
    .alloc_ce_channel = ce_channel_alloc,
    .free_ce_channel = ce_channel_free,
    .channel_map_mem = ce_channel_map,
    .channel_unmap_mem = ce_channel_unmap,
    .begin_pushbuf = ce_channel_begin,
    .emit_pushbuf = ce_channel_emit,
    .submit_pushbuf = ce_channel_submit,
    .gsp_log_count = gsp_log_count,
    .gsp_log = gsp_log,
    .vgpu_define_types = vgpu_define_types,
    .vgpu_start = vgpu_start,
    .vgpu_reset = vgpu_reset,
    .vgpu_bus_master = vgpu_bus_master,
    .vgpu_guest_info = vgpu_guest_info,
    .vgpu_surfaces = vgpu_surfaces,
    .vgpu_usage = vgpu_usage,
    .vgpu_log_count = vgpu_log_count,
    .vgpu_log = vgpu_log,
    .vgpu_stop = vgpu_stop,
};
