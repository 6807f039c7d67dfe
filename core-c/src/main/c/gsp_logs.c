/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "error.h"

#include <stdio.h>

#define NAME_BYTES 32

int gsp_log_count(struct nacre_attachment *attachment) {
    struct core *core;
    void *found;
    int result = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_GSP_LOGS, false, &core, &found);
    if (result >= 0) {
        result = (int)GSP_LOGS;
        core_leave(core);
    }
    return result;
}

int gsp_log(struct nacre_attachment *attachment, uint32_t index, char name[32], void *to, uint64_t capacity,
            uint64_t *bytes) {
    struct core *core;
    void *found;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_GSP_LOGS, false, &core, &found);
    if (error < 0) {
        return error;
    }
    if (index >= GSP_LOGS || bytes == NULL || (to == NULL && capacity > 0)) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "There is no such log: index=%u allowed=0 to %u", index, GSP_LOGS - 1);
    } else {
        const struct dma_memory *log = &core->gpu.logs[index];
        uint64_t count = capacity < log->bytes ? capacity : log->bytes;
        if (count > 0) {
            memcpy(to, log->cpu, count);
        }
        if (name != NULL) {
            snprintf(name, NAME_BYTES, "%s", gsp_log_name(index));
        }
        *bytes = log->bytes;
    }
    core_leave(core);
    return error;
}
