/* SPDX-License-Identifier: Apache-2.0 */
/* What a virtual GPU's owner asks of its plugin. */
#include "vgpu.h"

#include "error.h"

/* TIMEOUT: a plugin writes what a head shows in microseconds; who reads it meanwhile reads it again. */
#define SURFACE_MS 1000u
#define SURFACE_PAUSE_US 100u
#define SURFACE_UNIT_MOST MIB(2)
#define SURFACE_ACROSS_MOST (1u << 15)
#define SURFACE_PITCH_MOST (16u * SURFACE_ACROSS_MOST)
#define SURFACE_BLOCK_HEIGHT_MOST 5u

int vgpu_reset(struct nacre_vgpu *handle) {
    struct core *core;
    struct vgpu *vgpu;
    int error = vgpu_enter(handle, &core, &vgpu);
    if (error >= 0) {
        error = vgpu_rpc(core, vgpu, MESSAGE_RESET, NULL, 0);
        vgpu_leave(core, vgpu);
    }
    return error;
}

int vgpu_bus_master(struct nacre_vgpu *handle, uint32_t enabled, uint32_t allowed) {
    struct core *core;
    struct vgpu *vgpu;
    uint8_t payload[MESSAGE_BME_BYTES] = {enabled != 0, allowed != 0};
    int error = vgpu_enter(handle, &core, &vgpu);
    if (error >= 0) {
        error = vgpu_rpc(core, vgpu, MESSAGE_UPDATE_BME_STATE, payload, sizeof payload);
        vgpu_leave(core, vgpu);
    }
    return error;
}

static int read_guest_info(const uint8_t *payload, struct nacre_vgpu_guest_info *info) {
    uint32_t loaded = get32(payload + GUEST_INFO_DRIVER_LOADED);
    if (loaded > 1 || get64(payload + GUEST_INFO_BOOT_COUNT) > INT64_MAX) {
        return fail(NACRE_ERR_IO, "Plugin tells what cannot be: driver loaded=%u", loaded);
    }
    *info = (struct nacre_vgpu_guest_info){
        .driver_loaded = loaded,
        .boot_count = get64(payload + GUEST_INFO_BOOT_COUNT),
    };
    for (uint32_t i = 0; i < GUEST_INFO_DRIVER_VERSION_BYTES - 1; i++) {
        char c = (char)payload[GUEST_INFO_DRIVER_VERSION + i];
        if (c == 0) {
            break;
        }
        info->driver_version[i] = c >= ' ' && c <= '~' ? c : '?';
    }
    return 0;
}

int vgpu_guest_info(struct nacre_vgpu *handle, struct nacre_vgpu_guest_info *info) {
    struct core *core;
    struct vgpu *vgpu;
    uint8_t payload[GUEST_INFO_BYTES] = {0};
    int error = vgpu_enter(handle, &core, &vgpu);
    if (error < 0) {
        return error;
    }
    error = info == NULL ? fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the information is missing")
                         : vgpu_rpc(core, vgpu, MESSAGE_GET_GUEST_INFO, payload, sizeof payload);
    if (error >= 0) {
        error = read_guest_info(payload, info);
    }
    vgpu_leave(core, vgpu);
    return error;
}

/* Copies a surface that the plugin does not write meanwhile. */
static int copy_surface(struct core *core, const struct vgpu *vgpu, uint32_t head, uint8_t *surface) {
    uint32_t bytes = (uint32_t)core->gpu.firmware.abi->vgpu.surface_bytes;
    uint32_t at = AREA_RESPONSE + SURFACES_OFFSET + head * bytes;
    uint64_t end = now_ns() + (uint64_t)SURFACE_MS * 1000000u;
    for (bool is_late = false; !is_late; pause_us(SURFACE_PAUSE_US)) {
        is_late = now_ns() >= end;
        /* ORDERING: the end of writing is read before the rest, and its beginning after. */
        uint32_t ended = vgpu_area_rd32(core, vgpu, at + SURFACE_SEQ_END);
        int error = vgpu_area_read(core, vgpu, at, surface, bytes);
        if (error < 0) {
            return error;
        }
        if (vgpu_area_rd32(core, vgpu, at + SURFACE_SEQ_START) == ended &&
            get64(surface + SURFACE_SEQ_START) == get64(surface + SURFACE_SEQ_END)) {
            return 0;
        }
    }
    return fail(NACRE_ERR_TIMED_OUT, "Plugin does not finish a surface: vf=%u head=%u", vgpu->vf_index, head);
}

/* Takes a surface; 1 if there is one, 0 if the head shows nothing. */
static int read_surface(const struct core *core, const struct vgpu *vgpu, const uint8_t *from, uint32_t head,
                        struct nacre_vgpu_surface *surface) {
    const struct vgpu_abi *abi = &core->gpu.firmware.abi->vgpu;
    *surface = (struct nacre_vgpu_surface){
        .head = head,
        .width = get32(from + SURFACE_RECT_WIDTH),
        .height = get32(from + SURFACE_RECT_HEIGHT),
        .pitch_bytes = get32(from + SURFACE_PITCH),
        .bytes = get32(from + SURFACE_SIZE),
        .format = get32(from + SURFACE_FORMAT),
        .block_linear = from[abi->surface_block_linear] != 0,
        .block_height = from[SURFACE_BLOCK_HEIGHT],
    };
    if (from[abi->surface_blanked] != 0 || surface->width == 0) {
        return 0;
    }
    uint64_t unit = get32(from + SURFACE_OFFSET_UNIT);
    surface->offset = get32(from + SURFACE_OFFSET) * unit;
    /* GUEST: it has chosen what its heads show, and the plugin what it says of that. */
    if (unit == 0 || unit > SURFACE_UNIT_MOST || (unit & (unit - 1)) != 0 || surface->width > SURFACE_ACROSS_MOST ||
        surface->height < 1 || surface->height > SURFACE_ACROSS_MOST || surface->pitch_bytes > SURFACE_PITCH_MOST ||
        surface->block_height > SURFACE_BLOCK_HEIGHT_MOST ||
        !is_inside(surface->offset, surface->bytes, vgpu->frame_buffer->info.bytes)) {
        return fail(NACRE_ERR_IO, "Plugin tells of an impossible surface: vf=%u head=%u offset=0x%llx bytes=0x%llx",
                    vgpu->vf_index, head, (unsigned long long)surface->offset, (unsigned long long)surface->bytes);
    }
    return 1;
}

static int read_surfaces(struct core *core, struct vgpu *vgpu, struct nacre_vgpu_surface *to, uint32_t capacity) {
    int count = 0;
    int error = vgpu_rpc(core, vgpu, MESSAGE_CONSOLE_VNC_STATE, NULL, 0);
    for (uint32_t head = 0; head < SURFACES && error >= 0; head++) {
        uint8_t copy[SURFACE_MAX_BYTES];
        struct nacre_vgpu_surface surface;
        error = copy_surface(core, vgpu, head, copy);
        if (error >= 0) {
            error = read_surface(core, vgpu, copy, head, &surface);
        }
        if (error > 0 && (uint32_t)count++ < capacity) {
            to[count - 1] = surface;
        }
    }
    return error < 0 ? error : count;
}

int vgpu_surfaces(struct nacre_vgpu *handle, struct nacre_vgpu_surface *to, uint32_t capacity) {
    struct core *core;
    struct vgpu *vgpu;
    int result = vgpu_enter(handle, &core, &vgpu);
    if (result < 0) {
        return result;
    }
    result = to == NULL && capacity > 0 ? fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the surfaces is missing")
                                        : read_surfaces(core, vgpu, to, capacity);
    vgpu_leave(core, vgpu);
    return result;
}

/* The guest's memory in use. With the lock. */
static int ask_fb_usage(struct core *core, const struct vgpu *vgpu, uint64_t *used) {
    uint8_t params[FB_USAGE_BYTES] = {0};
    int error = vgpu_control(core, vgpu, VGPU_CTRL_FB_USAGE, params, sizeof params);
    if (error < 0) {
        return error;
    }
    uint32_t count = get32(params + FB_USAGE_COUNT);
    bool is_told = false;
    for (uint32_t i = 0; i < count && i < FB_USAGE_ENTRIES; i++) {
        const uint8_t *entry = params + FB_USAGE_FIRST + i * FB_USAGE_ENTRY_BYTES;
        if (get32(entry + FB_USAGE_GFID) == vgpu->gfid) {
            *used = get64(entry + FB_USAGE_USED);
            is_told = true;
        }
    }
    return !is_told || *used > vgpu->frame_buffer->info.bytes
               ? fail(NACRE_ERR_IO, "Firmware tells what cannot be of memory in use: vf=%u bytes=0x%llx",
                      vgpu->vf_index, (unsigned long long)*used)
               : 0;
}

int vgpu_usage(struct nacre_vgpu *handle, struct nacre_vgpu_usage *usage) {
    struct core *core;
    void *found;
    uint64_t used = 0;
    int error = object_enter(handle, HANDLE_VGPU, NACRE_CAP_VGPU_PLUGINS, true, &core, &found);
    if (error < 0) {
        return error;
    }
    const struct vgpu *vgpu = found;
    error = usage == NULL ? fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the usage is missing")
                          : ask_fb_usage(core, vgpu, &used);
    if (error >= 0) {
        struct vgpu_sample sample = vgpu_samples_of(&core->samples, vgpu->gfid, now_ns());
        *usage = (struct nacre_vgpu_usage){used, sample.graphics, sample.copy, sample.encoder, sample.decoder};
    }
    core_leave(core);
    return error;
}
