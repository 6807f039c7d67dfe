/* SPDX-License-Identifier: Apache-2.0 */
/* Types of virtual GPUs, as the firmware is told of them. */
#include "vgpu.h"

#include "error.h"
#include "regs.h"

#include <stdlib.h>

#define BAR1_LEAST MIB(64)
#define BAR1_MOST (UINT64_C(1) << 47)
#define HEADS_MOST 4u
#define ACROSS_MOST (1u << 15)
/* HW: the class of types that do not compute */
#define CLASS_NVS "NVS"

static int impossible(const struct nacre_vgpu_type *type, const char *field, const char *allowed) {
    return fail(NACRE_ERR_INVALID_ARGUMENT, "Type of virtual GPUs is impossible: id=%u field=%s allowed=%s", type->id,
                field, allowed);
}

/* Whether a string of ASCII ends in a field of so many bytes. */
static bool is_text(const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == 0) {
            return true;
        }
        if (text[i] < ' ' || text[i] > '~') {
            return false;
        }
    }
    return false;
}

static int check_texts(const struct nacre_vgpu_type *type) {
    if (type->id < 1 || type->id > INT32_MAX) {
        return impossible(type, "id", "from 1");
    }
    if (type->name[0] == 0 || !is_text(type->name, TYPE_STRING_BYTES)) {
        return impossible(type, "name", "1 to 31 characters of ASCII");
    }
    if (type->kind[0] == 0 || !is_text(type->kind, TYPE_STRING_BYTES)) {
        return impossible(type, "kind", "1 to 31 characters of ASCII");
    }
    if (!is_text(type->licenses, TYPE_LICENSE_BYTES)) {
        return impossible(type, "licenses", "up to 127 characters of ASCII");
    }
    return 0;
}

static int check_pictures(const struct nacre_vgpu_type *type) {
    if (type->max_instances < 1 || type->max_instances > INT32_MAX) {
        return impossible(type, "maxInstances", "from 1");
    }
    if (type->heads > HEADS_MOST) {
        return impossible(type, "heads", "0 to 4");
    }
    if (type->max_width > ACROSS_MOST) {
        return impossible(type, "maxWidth", "0 to 32768");
    }
    if (type->max_height > ACROSS_MOST) {
        return impossible(type, "maxHeight", "0 to 32768");
    }
    return type->frame_rate_limit > INT32_MAX ? impossible(type, "frameRateLimit", "0 or more") : 0;
}

static int check_type(const struct nacre_vgpu_type *type) {
    int error = check_texts(type);
    if (error < 0 || (error = check_pictures(type)) < 0) {
        return error;
    }
    if (type->pci_device_id > 0xffff) {
        return impossible(type, "pciDeviceId", "16 bits");
    }
    if (type->pci_subsystem_id > 0xffff) {
        return impossible(type, "pciSubsystemId", "16 bits");
    }
    if (type->fb_bytes < 1) {
        return impossible(type, "fbBytes", "from 1");
    }
    if (type->heap_bytes < 1) {
        return impossible(type, "heapBytes", "from 1");
    }
    if (type->bar1_bytes < BAR1_LEAST || type->bar1_bytes > BAR1_MOST ||
        (type->bar1_bytes & (type->bar1_bytes - 1)) != 0) {
        return impossible(type, "bar1Bytes", "powers of two from 64 MiB");
    }
    return type->encoder_capacity > 100 ? impossible(type, "encoderCapacity", "0 to 100") : 0;
}

static int check_types(const struct nacre_vgpu_type *types, uint32_t count) {
    if (count > VGPU_TYPES || (types == NULL && count > 0)) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Number of types is impossible: count=%u allowed=0 to %u", count,
                    VGPU_TYPES);
    }
    for (uint32_t i = 0; i < count; i++) {
        int error = check_type(&types[i]);
        for (uint32_t k = 0; k < i && error >= 0; k++) {
            error = types[k].id == types[i].id ? impossible(&types[i], "id", "once") : 0;
        }
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

/* Pixels of all heads together, as many as can be said. */
static uint32_t all_pixels(const struct nacre_vgpu_type *type) {
    uint64_t pixels = (uint64_t)type->max_width * type->max_height;
    pixels *= type->heads;
    return pixels < INT32_MAX ? (uint32_t)pixels : INT32_MAX;
}

static void fill_type(const struct nacre_vgpu_type *type, uint32_t pci_device, uint8_t *to) {
    put32(to + TYPE_ID, type->id);
    memcpy(to + TYPE_NAME, type->name, strlen(type->name));
    memcpy(to + TYPE_CLASS, type->kind, strlen(type->kind));
    memcpy(to + TYPE_LICENSE, type->licenses, strlen(type->licenses));
    put32(to + TYPE_MAX_INSTANCE, type->max_instances);
    put32(to + TYPE_HEADS, type->heads);
    put32(to + TYPE_MAX_X, type->max_width);
    put32(to + TYPE_MAX_Y, type->max_height);
    put32(to + TYPE_MAX_PIXELS, all_pixels(type));
    put32(to + TYPE_FRL_CONFIG, type->frame_rate_limit);
    put32(to + TYPE_CUDA, strcmp(type->kind, CLASS_NVS) != 0);
    put32(to + TYPE_ECC, type->ecc != 0);
    put64(to + TYPE_VDEV_ID, type->pci_device_id << 16 | type->pci_subsystem_id);
    put64(to + TYPE_PDEV_ID, pci_device);
    put64(to + TYPE_PROFILE_SIZE, type->fb_bytes);
    put64(to + TYPE_FB_LENGTH, type->fb_bytes);
    put64(to + TYPE_GSP_HEAP_SIZE, type->heap_bytes);
    put64(to + TYPE_FB_RESERVATION, type->fb_reservation_bytes);
    put64(to + TYPE_MAPPABLE_VIDEO, TYPE_MAPPABLE_VIDEO_BYTES);
    put32(to + TYPE_ENCODER_CAPACITY, type->encoder_capacity);
    put64(to + TYPE_BAR1_MIB, type->bar1_bytes / MIB(1));
    put32(to + TYPE_FRL_ENABLE, type->frame_rate_limit != 0);
}

static int internal_control(struct core *core, uint32_t command, void *params, uint32_t bytes) {
    const struct rm_session *internal = &core->gpu.board.internal;
    return rm_control(&core->gpu.rm, internal->client, internal->subdevice, command, params, bytes);
}

static int send_types(struct core *core, const struct nacre_vgpu_type *types, uint32_t count) {
    const struct nacre_platform *p = core->platform;
    uint32_t type_bytes = (uint32_t)core->gpu.firmware.abi->vgpu.type_bytes;
    uint32_t bytes = ADD_TYPE_FIRST + ADD_TYPE_MOST * type_bytes;
    uint8_t *params = calloc(1, bytes);
    if (params == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for parameters");
    }
    uint32_t pci_device = p->read32(p->context, REGION_CONFIG, 0) >> 16;
    params[ADD_TYPE_DISCARD] = 1;
    put32(params + ADD_TYPE_COUNT, count);
    for (uint32_t i = 0; i < count; i++) {
        fill_type(&types[i], pci_device, params + ADD_TYPE_FIRST + i * type_bytes);
    }
    int error = internal_control(core, VGPU_CTRL_ADD_TYPE, params, bytes);
    free(params);
    return error;
}

static int define_locked(struct core *core, const struct nacre_vgpu_type *types, uint32_t count,
                         uint32_t heterogeneous) {
    uint8_t config[MGR_CONFIG_BYTES] = {heterogeneous != 0};
    if (!core->gpu.is_vgpu) {
        return fail(NACRE_ERR_NOT_SUPPORTED, "GPU is not shared by virtual functions");
    }
    int error = check_types(types, count);
    if (error >= 0 && core->vgpu_count > 0) {
        error = fail(NACRE_ERR_BUSY, "Virtual GPUs run: count=%u", core->vgpu_count);
    }
    if (error < 0 ||
        (error = internal_control(core, VGPU_CTRL_SET_MGR_CONFIG, config, sizeof config)) < 0 ||
        (error = send_types(core, types, count)) < 0) {
        return error;
    }
    core->vgpu_types_mix = heterogeneous != 0;
    core->vgpu_type_count = count;
    for (uint32_t i = 0; i < count; i++) {
        core->vgpu_types[i] = types[i].id;
    }
    return 0;
}

int vgpu_define_types(struct nacre_attachment *attachment, const struct nacre_vgpu_type *types, uint32_t count,
                      uint32_t heterogeneous) {
    struct core *core;
    void *found;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_VGPU_PLUGINS, true, &core, &found);
    if (error >= 0) {
        error = define_locked(core, types, count, heterogeneous);
        core_leave(core);
    }
    return error;
}
