/* SPDX-License-Identifier: Apache-2.0 */
#include "ce_channel.h"

#include "error.h"
#include "regs.h"
#include "rm.h"

/* The channel's address space: the core's own at the bottom, since entries of a ring have 40 bits; then the
 * client's. */
#define OWN_ADDRESS MIB(1)
#define CLIENT_ADDRESS (UINT64_C(1) << 32)
#define CLIENT_END (UINT64_C(1) << 40)
/* HW: what is 49 bits wide, as other drivers limit it in an instance block */
#define ADDRESS_LIMIT ((UINT64_C(1) << 49) - 1)
#define INSTANCE_BYTES (2 * PAGE_BYTES)
#define USERD_OFFSET PAGE_BYTES
/* HW: the root of version 2 has 4 entries */
#define ROOT_ENTRIES 4u
#define CHANNEL_PARAMS_MAX 512
/* Numbers of the channel's objects: free choice. */
#define VASPACE_HANDLE 0x90f10000u
#define CHANNEL_HANDLE 0xf1f00000u
#define COPY_HANDLE 0xc7b50000u

/* The copy engine to use: one that does not share the graphics engine's runlist, if there is one. */
static const struct board_engine *choose_engine(const struct board *board) {
    int32_t graphics = -1;
    const struct board_engine *any = NULL;
    for (uint32_t i = 0; i < board->engine_count; i++) {
        const struct board_engine *engine = &board->engines[i];
        if (engine->engine.type == NACRE_ENGINE_GRAPHICS) {
            graphics = engine->runlist;
        }
    }
    for (uint32_t i = 0; i < board->engine_count; i++) {
        const struct board_engine *engine = &board->engines[i];
        if (engine->engine.type != NACRE_ENGINE_COPY || engine->runlist < 0 || engine->non_stall == NO_VECTOR) {
            continue;
        }
        if (engine->runlist != graphics) {
            return engine;
        }
        any = any == NULL ? engine : any;
    }
    return any;
}

/* Memory, address space and instance block. */
static int make_memory(struct core *core, struct ce_channel *channel) {
    struct gpu *gpu = &core->gpu;
    static const uint8_t zeros[INSTANCE_BYTES];
    uint8_t root[16] = {0};
    int error = dma_alloc(core->platform, &channel->memory, RING_BYTES);
    if (error < 0 ||
        (error = dma_alloc(core->platform, &channel->method_buffer, gpu->board.method_buffer_bytes)) < 0 ||
        (error = ranges_take(&core->fb.own, INSTANCE_BYTES, PAGE_BYTES, 0, &channel->instance)) < 0) {
        return error == NACRE_ERR_NO_SPACE ? fail(error, "No memory for a channel is left") : error;
    }
    channel->has_instance = true;
    if ((error = vram_write(&gpu->vram, channel->instance, zeros, sizeof zeros)) < 0 ||
        (error = vmm_create(&channel->vmm, &gpu->vram, &core->fb.own, 0, false)) < 0 ||
        (error = ranges_add(&channel->space, CLIENT_ADDRESS, CLIENT_END - CLIENT_ADDRESS)) < 0) {
        return error;
    }
    struct vmm_mapping own = {OWN_ADDRESS, channel->memory.iova, channel->memory.bytes, VMM_SYSTEM, false};
    error = vmm_map(&channel->vmm, &own);
    if (error < 0) {
        return error;
    }
    put64(root, vmm_root(&channel->vmm) | RAMIN_PAGE_DIR_USE_VER2 | RAMIN_PAGE_DIR_BIG_64K);
    put64(root + RAMIN_ADR_LIMIT - RAMIN_PAGE_DIR_BASE, ADDRESS_LIMIT);
    push_ring_init(&channel->ring, channel->memory.cpu, OWN_ADDRESS);
    return vram_write(&gpu->vram, channel->instance + RAMIN_PAGE_DIR_BASE, root, sizeof root);
}

static int make_address_space(struct gpu *gpu, const struct ce_channel *channel) {
    const struct rm_session *session = &channel->session;
    uint8_t space[VASPACE_BYTES] = {0};
    uint8_t directory[SET_PAGE_DIRECTORY_BYTES] = {0};
    put32(space + VASPACE_FLAGS, VASPACE_FLAGS_IS_EXTERNALLY_OWNED);
    int error = rm_alloc(&gpu->rm, session->client, session->device, VASPACE_HANDLE, FERMI_VASPACE_A, space,
                         sizeof space);
    if (error < 0) {
        return error;
    }
    put64(directory + SET_PAGE_DIRECTORY_ADDRESS, vmm_root(&channel->vmm));
    put32(directory + SET_PAGE_DIRECTORY_ENTRIES, ROOT_ENTRIES);
    put32(directory + SET_PAGE_DIRECTORY_VASPACE, VASPACE_HANDLE);
    return rm_control(&gpu->rm, session->client, session->device, NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY, directory,
                      sizeof directory);
}

static void describe(uint8_t *desc, uint64_t base, uint64_t bytes, uint32_t space, uint32_t cache) {
    put64(desc + MEMORY_DESC_BASE, base);
    put64(desc + MEMORY_DESC_SIZE, bytes);
    put32(desc + MEMORY_DESC_ADDRESS_SPACE, space);
    put32(desc + MEMORY_DESC_CACHE_ATTRIBUTE, cache);
}

/* HW: nouveau nvkm/subdev/gsp/rm/r535/fifo.c: r535_chan_ramfc_write */
static int make_channel(struct gpu *gpu, const struct ce_channel *channel, uint32_t engine_type) {
    const struct rm_session *session = &channel->session;
    uint8_t params[CHANNEL_PARAMS_MAX] = {0};
    put64(params + CHANNEL_GP_FIFO_OFFSET, OWN_ADDRESS + RING_ENTRIES_AT);
    put32(params + CHANNEL_GP_FIFO_ENTRIES, RING_ENTRIES);
    put32(params + CHANNEL_FLAGS,
          CHANNEL_FLAGS_USERD_PAGE_FIXED |
              channel->id % CHANNELS_PER_USERD_PAGE << CHANNEL_FLAGS_USERD_INDEX_SHIFT |
              channel->id / CHANNELS_PER_USERD_PAGE << CHANNEL_FLAGS_USERD_PAGE_SHIFT);
    put32(params + CHANNEL_VASPACE, VASPACE_HANDLE);
    put32(params + CHANNEL_ENGINE_TYPE, engine_type);
    describe(params + CHANNEL_INSTANCE_MEM, channel->instance, RAMIN_BYTES, ADDRESS_SPACE_VIDEO,
             CACHE_ATTRIBUTE_WRITE_COMBINED);
    describe(params + CHANNEL_USERD_MEM, channel->instance + USERD_OFFSET, USERD_BYTES, ADDRESS_SPACE_VIDEO,
             CACHE_ATTRIBUTE_WRITE_COMBINED);
    describe(params + CHANNEL_RAMFC_MEM, channel->instance, RAMIN_RAMFC_BYTES, ADDRESS_SPACE_VIDEO,
             CACHE_ATTRIBUTE_WRITE_COMBINED);
    describe(params + CHANNEL_METHOD_MEM, channel->method_buffer.iova, gpu->board.method_buffer_bytes,
             ADDRESS_SPACE_SYSTEM, CACHE_ATTRIBUTE_CACHED);
    put32(params + CHANNEL_INTERNAL_FLAGS, CHANNEL_INTERNAL_PRIVILEGE_USER | CHANNEL_INTERNAL_NO_ERROR_NOTIFIER |
                                               CHANNEL_INTERNAL_NO_ECC_NOTIFIER);
    return rm_alloc(&gpu->rm, session->client, session->device, CHANNEL_HANDLE | channel->id, gpu->chip->channel_class,
                    params, (uint32_t)gpu->firmware.abi->channel_params_bytes);
}

/* Binds the channel to its engine, has it run, and gives it the engine's object. */
static int start_channel(struct gpu *gpu, const struct ce_channel *channel, uint32_t engine_type) {
    uint32_t client = channel->session.client;
    uint32_t handle = CHANNEL_HANDLE | channel->id;
    uint8_t bind[BIND_BYTES];
    uint8_t schedule[GPFIFO_SCHEDULE_BYTES] = {1};
    uint8_t copy[COPY_OBJECT_BYTES];
    put32(bind, engine_type);
    put32(copy + COPY_OBJECT_VERSION, COPY_OBJECT_VERSION_ENGINE_TYPE);
    put32(copy + COPY_OBJECT_ENGINE_TYPE, engine_type);
    int error = rm_control(&gpu->rm, client, handle, NVA06F_CTRL_CMD_BIND, bind, sizeof bind);
    if (error >= 0) {
        error = rm_control(&gpu->rm, client, handle, NVA06F_CTRL_CMD_GPFIFO_SCHEDULE, schedule, sizeof schedule);
    }
    return error < 0 ? error
                     : rm_alloc(&gpu->rm, client, handle, COPY_HANDLE, gpu->chip->copy_class, copy, sizeof copy);
}

int channel_set_up(struct core *core, struct ce_channel *channel) {
    struct gpu *gpu = &core->gpu;
    const struct board_engine *engine = choose_engine(&gpu->board);
    if (engine == NULL) {
        return fail(NACRE_ERR_NOT_SUPPORTED, "GPU has no copy engine");
    }
    uint32_t engine_type = engine->engine.bit;
    channel->token = (uint32_t)engine->runlist << 16 | channel->id;
    channel->vector = engine->non_stall;
    int error = make_memory(core, channel);
    if (error < 0 || (error = rm_session_open(&gpu->rm, &channel->session)) < 0) {
        return error;
    }
    channel->has_session = true;
    if ((error = make_address_space(gpu, channel)) < 0 || (error = make_channel(gpu, channel, engine_type)) < 0) {
        return error;
    }
    return start_channel(gpu, channel, engine_type);
}

void channel_tear_down(struct core *core, struct ce_channel *channel) {
    struct gpu *gpu = &core->gpu;
    if (channel->has_session && core_is_gpu_there(core)) {
        (void)rm_session_close(&gpu->rm, &channel->session);
    } else if (channel->has_session) {
        rm_session_forget(&gpu->rm, &channel->session);
    }
    vmm_destroy(&channel->vmm);
    ranges_clear(&channel->space);
    if (channel->has_instance) {
        (void)ranges_add(&core->fb.own, channel->instance, INSTANCE_BYTES);
    }
    dma_free(core->platform, &channel->method_buffer);
    dma_free(core->platform, &channel->memory);
}
