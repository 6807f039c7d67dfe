/* SPDX-License-Identifier: Apache-2.0 */
/* Logs of a virtual GPU's plugin. */
#include "vgpu.h"

#include "error.h"

#include <stdio.h>

#define NAME_BYTES 32
#define LOGS 3u

static const struct {
    const char *name;
    uint32_t offset;
    uint32_t bytes;
} ALL[LOGS] = {{"init", AREA_INIT_LOG, AREA_INIT_LOG_BYTES},
               {"vgpu", AREA_VGPU_LOG, AREA_VGPU_LOG_BYTES},
               {"kernel", AREA_KERNEL_LOG, AREA_KERNEL_LOG_BYTES}};

/* The last one is the kernel's, which not all releases have. */
static uint32_t count_logs(const struct core *core) {
    return core->gpu.firmware.abi->vgpu.bootload_kernel_log >= 0 ? LOGS : LOGS - 1;
}

int vgpu_log_count(struct nacre_vgpu *vgpu) {
    struct core *core;
    void *found;
    int result = object_enter(vgpu, HANDLE_VGPU, NACRE_CAP_VGPU_PLUGINS, false, &core, &found);
    if (result >= 0) {
        result = (int)count_logs(core);
        core_leave(core);
    }
    return result;
}

int vgpu_log(struct nacre_vgpu *vgpu, uint32_t index, char name[32], void *to, uint64_t capacity, uint64_t *bytes) {
    struct core *core;
    void *found;
    int error = object_enter(vgpu, HANDLE_VGPU, NACRE_CAP_VGPU_PLUGINS, true, &core, &found);
    if (error < 0) {
        return error;
    }
    if (index >= count_logs(core) || bytes == NULL || (to == NULL && capacity > 0)) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "There is no such log: index=%u allowed=0 to %u", index,
                     count_logs(core) - 1);
    } else {
        uint32_t count = capacity < ALL[index].bytes ? (uint32_t)capacity : ALL[index].bytes;
        error = vgpu_area_read(core, found, ALL[index].offset, to, count);
        if (name != NULL) {
            snprintf(name, NAME_BYTES, "%s", ALL[index].name);
        }
        *bytes = ALL[index].bytes;
    }
    core_leave(core);
    return error;
}
