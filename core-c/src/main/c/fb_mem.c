/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "error.h"

#include <stdlib.h>

static int alloc_locked(struct core *core, struct attachment *attachment, const struct nacre_fb_request *request,
                        struct fb_mem **made) {
    struct fb_mem *mem = calloc(1, sizeof *mem);
    if (mem == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory");
    }
    int error = fb_alloc_take(&core->fb, request, &mem->info);
    if (error >= 0) {
        error = object_add(core, attachment, HANDLE_FB_MEM, &mem->object);
        if (error < 0) {
            fb_alloc_give(&core->fb, mem->info.offset, mem->info.bytes);
        }
    }
    if (error < 0) {
        free(mem);
        return error;
    }
    *made = mem;
    return 0;
}

int fb_mem_alloc(struct nacre_attachment *attachment, const struct nacre_fb_request *request, struct nacre_fb_mem **mem,
                 struct nacre_fb_mem_info *info) {
    struct core *core;
    void *found;
    struct fb_mem *made = NULL;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_FB_MEM_ALLOC, true, &core, &found);
    if (error < 0) {
        return error;
    }
    if (request == NULL || mem == NULL) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Request is missing");
    } else {
        error = alloc_locked(core, found, request, &made);
    }
    if (error >= 0) {
        *mem = made->object.handle;
        if (info != NULL) {
            *info = made->info;
        }
    }
    core_leave(core);
    return error;
}

int fb_mem_free(struct nacre_fb_mem *mem) {
    struct core *core;
    void *found;
    int error = object_enter(mem, HANDLE_FB_MEM, NO_CAPABILITY, false, &core, &found);
    if (error < 0) {
        return error;
    }
    const struct fb_mem *memory = found;
    if (memory->is_mapped || memory->mappings > 0) {
        error = fail(NACRE_ERR_BUSY, "Memory is mapped: offset=0x%llx channels=%u",
                     (unsigned long long)memory->info.offset, memory->mappings);
    } else if ((error = object_check_unused(found)) >= 0) {
        object_remove(core, found);
    }
    core_leave(core);
    return error;
}

void fb_mem_destroy(struct core *core, struct fb_mem *mem) {
    bar1_release(core, mem);
    fb_alloc_give(&core->fb, mem->info.offset, mem->info.bytes);
    free(mem);
}

int fb_mem_total(struct nacre_attachment *attachment, uint64_t *bytes) {
    struct core *core;
    void *found;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_FB_MEM_ALLOC, false, &core, &found);
    if (error < 0) {
        return error;
    }
    if (bytes == NULL) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the size is missing");
    } else {
        *bytes = core->fb.total_bytes;
    }
    core_leave(core);
    return error;
}

int map_request_check(const struct nacre_map_request *request, uint64_t memory_bytes) {
    if (request == NULL || request->huge_pages > 1 || request->compressible > 1) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Request for a mapping is missing or impossible");
    }
    if (request->offset % PAGE_BYTES != 0) {
        return fail(NACRE_ERR_INVALID_ARGUMENT,
                    "Offset of a mapping is impossible: offset=%llu allowed=multiples of 4096",
                    (unsigned long long)request->offset);
    }
    if (request->bytes < PAGE_BYTES || request->bytes % PAGE_BYTES != 0) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Size of a mapping is impossible: bytes=%llu allowed=multiples of 4096",
                    (unsigned long long)request->bytes);
    }
    if (!is_inside(request->offset, request->bytes, memory_bytes)) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Mapping is not inside the memory: offset=%llu bytes=%llu memory=%llu",
                    (unsigned long long)request->offset, (unsigned long long)request->bytes,
                    (unsigned long long)memory_bytes);
    }
    return 0;
}
