/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "error.h"
#include "regs.h"

int bar1_create(struct core *core) {
    const struct nacre_platform *p = core->platform;
    core->bar1_bytes = align_down(p->region_bytes(p->context, REGION_MEMORY), PAGE_BYTES);
    if (core->bar1_bytes == 0) {
        return fail(NACRE_ERR_IO, "GPU has no BAR 1");
    }
    int error = ranges_add(&core->bar1_space, 0, core->bar1_bytes);
    if (error < 0) {
        return error;
    }
    return vmm_create(&core->bar1, &core->gpu.vram, &core->fb.own, core->gpu.board.bar1_page_directory, true);
}

void bar1_destroy(struct core *core) {
    vmm_destroy(&core->bar1);
    ranges_clear(&core->bar1_space);
}

int bar1_take(struct core *core, uint64_t physical, uint64_t bytes, bool huge, uint64_t *address) {
    struct vmm_mapping mapping = {.target = VMM_VIDEO, .physical = physical, .bytes = bytes, .huge = huge};
    int error = ranges_take(&core->bar1_space, bytes, huge ? HUGE_PAGE_BYTES : PAGE_BYTES, physical, &mapping.address);
    if (error < 0) {
        return fail(error, "BAR 1 is full: bytes=%llu", (unsigned long long)bytes);
    }
    error = vmm_map(&core->bar1, &mapping);
    if (error < 0) {
        (void)ranges_add(&core->bar1_space, mapping.address, bytes);
        return error;
    }
    *address = mapping.address;
    return 0;
}

void bar1_give(struct core *core, uint64_t address, uint64_t bytes) {
    (void)vmm_unmap(&core->bar1, address, bytes, core_is_gpu_there(core));
    (void)ranges_add(&core->bar1_space, address, bytes);
}

static int map_locked(struct core *core, struct fb_mem *mem, const struct nacre_map_request *request) {
    int error = map_request_check(request, mem->info.bytes);
    if (error < 0) {
        return error;
    }
    if (mem->is_mapped) {
        return fail(NACRE_ERR_EXISTS, "Memory is mapped already: offset=0x%llx", (unsigned long long)mem->info.offset);
    }
    error = bar1_take(core, mem->info.offset + request->offset, request->bytes,
                      request->huge_pages && request->bytes >= HUGE_PAGE_BYTES, &mem->bar1_offset);
    if (error >= 0) {
        mem->is_mapped = true;
        mem->bar1_bytes = request->bytes;
    }
    return error;
}

int bar1_map(struct nacre_fb_mem *mem, const struct nacre_map_request *request, uint64_t *bar1_offset) {
    struct core *core;
    void *found;
    int error = object_enter(mem, HANDLE_FB_MEM, NACRE_CAP_FB_MEM_BAR1_MAP, true, &core, &found);
    if (error < 0) {
        return error;
    }
    error = bar1_offset == NULL ? fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the offset is missing")
                                : map_locked(core, found, request);
    if (error >= 0) {
        *bar1_offset = ((struct fb_mem *)found)->bar1_offset;
    }
    core_leave(core);
    return error;
}

void bar1_release(struct core *core, struct fb_mem *mem) {
    if (!mem->is_mapped) {
        return;
    }
    bar1_give(core, mem->bar1_offset, mem->bar1_bytes);
    mem->is_mapped = false;
}

static int not_mapped(void) {
    return fail(NACRE_ERR_STALE, "Memory is not mapped in BAR 1");
}

int bar1_unmap(struct nacre_fb_mem *mem) {
    struct core *core;
    void *found;
    int error = object_enter(mem, HANDLE_FB_MEM, NACRE_CAP_FB_MEM_BAR1_MAP, false, &core, &found);
    if (error < 0) {
        return error;
    }
    struct fb_mem *memory = found;
    if (!memory->is_mapped) {
        error = not_mapped();
    } else if (core->state == CORE_SUSPENDED) {
        error = core_check(core);
    } else {
        bar1_release(core, memory);
    }
    core_leave(core);
    return error;
}

/* Enters with the lock, and finds where bytes of the mapped part are in BAR 1. */
static int enter_bytes(struct nacre_fb_mem *mem, uint64_t offset, const void *memory, uint64_t bytes,
                       struct core **core, uint64_t *bar1_offset) {
    void *found;
    int error = object_enter(mem, HANDLE_FB_MEM, NACRE_CAP_FB_MEM_BAR1_MAP, true, core, &found);
    if (error < 0) {
        return error;
    }
    const struct fb_mem *part = found;
    if (!part->is_mapped) {
        error = not_mapped();
    } else if (!is_inside(offset, bytes, part->bar1_bytes) || (memory == NULL && bytes > 0)) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT,
                     "Bytes are not inside the mapped part: offset=%llu bytes=%llu part=%llu",
                     (unsigned long long)offset, (unsigned long long)bytes, (unsigned long long)part->bar1_bytes);
    }
    if (error < 0) {
        core_leave(*core);
        return error;
    }
    *bar1_offset = part->bar1_offset + offset;
    return 0;
}

static int leave_bytes(struct core *core, int error) {
    core_leave(core);
    return error < 0 ? fail(error, "BAR 1 cannot be reached") : 0;
}

int bar1_read(struct nacre_fb_mem *mem, uint64_t offset, void *to, uint64_t bytes) {
    struct core *core;
    uint64_t at = 0;
    int error = enter_bytes(mem, offset, to, bytes, &core, &at);
    if (error < 0) {
        return error;
    }
    const struct nacre_platform *p = core->platform;
    return leave_bytes(core, bytes == 0 ? 0 : p->read(p->context, REGION_MEMORY, at, to, bytes));
}

int bar1_write(struct nacre_fb_mem *mem, uint64_t offset, const void *from, uint64_t bytes) {
    struct core *core;
    uint64_t at = 0;
    int error = enter_bytes(mem, offset, from, bytes, &core, &at);
    if (error < 0) {
        return error;
    }
    const struct nacre_platform *p = core->platform;
    return leave_bytes(core, bytes == 0 ? 0 : p->write(p->context, REGION_MEMORY, at, from, bytes));
}
