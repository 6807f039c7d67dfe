/* SPDX-License-Identifier: Apache-2.0 */
#include "vgpu.h"

#include "error.h"

#include <stdlib.h>

/* TIMEOUT: what other drivers grant a plugin to start: the vGPU series for Linux */
#define READY_MS 10000u

static void put_log(uint8_t *params, int at, uint64_t address, uint64_t bytes) {
    if (at >= 0) {
        put64(params + at, address);
        put64(params + at + 8, bytes);
    }
}

static void fill_bootload(const struct core *core, const struct vgpu *vgpu, uint8_t *params) {
    const struct vgpu_abi *abi = &core->gpu.firmware.abi->vgpu;
    uint64_t heap = vgpu->heap->info.offset;
    put32(params + BOOTLOAD_DBDF, vgpu->pci_address);
    put32(params + BOOTLOAD_GFID, vgpu->gfid);
    put32(params + BOOTLOAD_TYPE, vgpu->type_id);
    put32(params + BOOTLOAD_VM_PID, vgpu->process_id);
    put32(params + BOOTLOAD_CHANNELS, vgpu->chids->count);
    put32(params + BOOTLOAD_PLUGIN_CHANNELS, PLUGIN_CHANNELS);
    for (uint32_t i = 0; i < core->gpu.board.engine_count; i++) {
        uint32_t bit = core->gpu.board.engines[i].engine.bit;
        if (bit < (uint32_t)abi->bootload_engines) {
            put32(params + BOOTLOAD_CHID_OFFSETS + 4 * bit, vgpu->chids->first);
        }
    }
    put32(params + abi->bootload_segments, 1);
    put64(params + abi->bootload_fb_addresses, vgpu->frame_buffer->info.offset);
    put64(params + abi->bootload_fb_lengths, vgpu->frame_buffer->info.bytes);
    put64(params + abi->bootload_heap, heap);
    put64(params + abi->bootload_heap + 8, vgpu->heap->info.bytes);
    put64(params + abi->bootload_ctrl_offset, AREA_CONTROL);
    put_log(params, abi->bootload_init_log, heap + AREA_INIT_LOG, AREA_INIT_LOG_BYTES);
    put_log(params, abi->bootload_vgpu_log, heap + AREA_VGPU_LOG, AREA_VGPU_LOG_BYTES);
    put_log(params, abi->bootload_kernel_log, heap + AREA_KERNEL_LOG, AREA_KERNEL_LOG_BYTES);
}

int vgpu_boot(struct core *core, struct vgpu *vgpu) {
    uint32_t bytes = (uint32_t)core->gpu.firmware.abi->vgpu.bootload_bytes;
    uint8_t *params = calloc(1, bytes);
    if (params == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for parameters");
    }
    fill_bootload(core, vgpu, params);
    int error = vgpu_control(core, vgpu, VGPU_CTRL_BOOTLOAD, params, bytes);
    free(params);
    return error;
}

/* Tells the plugin where everything is. The version comes last. */
static int fill_control(struct core *core, const struct vgpu *vgpu) {
    uint8_t control[CONTROL_ATTACHED_VGPU_COUNT + 4] = {0};
    put64(control + CONTROL_RESPONSE_OFFSET, AREA_RESPONSE);
    put64(control + CONTROL_MESSAGE_OFFSET, AREA_MESSAGE);
    put64(control + CONTROL_MIGRATION_OFFSET, AREA_MIGRATION);
    put64(control + CONTROL_ERROR_OFFSET, AREA_ERROR);
    put32(control + CONTROL_ATTACHED_VGPU_COUNT, 1);
    int error = vgpu_area_write(core, vgpu, AREA_CONTROL, control, sizeof control);
    if (error >= 0) {
        vgpu_area_wr32(core, vgpu, AREA_CONTROL + CONTROL_VERSION, CONTROL_VERSION_1);
    }
    return error;
}

static void fill_config(const struct core *core, const struct vgpu *vgpu, uint8_t *config) {
    const struct vgpu_abi *abi = &core->gpu.firmware.abi->vgpu;
    memcpy(config + CONFIG_UUID, vgpu->uuid, sizeof vgpu->uuid);
    put32(config + CONFIG_DBDF, vgpu->pci_address);
    put32(config + CONFIG_INSTANCE_ID, gsp_client_session(vgpu->client)->client);
    put32(config + CONFIG_TYPE, vgpu->type_id);
    put32(config + CONFIG_VM_PID, vgpu->process_id);
    put32(config + CONFIG_CHANNELS, vgpu->chids->count);
    put32(config + CONFIG_PLUGIN_CHANNELS, PLUGIN_CHANNELS);
    put32(config + CONFIG_HYPERVISOR, CONFIG_HYPERVISOR_UNKNOWN);
#ifdef __aarch64__
    put32(config + CONFIG_CPU_ARCH, CONFIG_CPU_AARCH64);
#else
    put32(config + CONFIG_CPU_ARCH, CONFIG_CPU_X86_64);
#endif
    put64(config + CONFIG_PAGE_SIZE, PAGE_BYTES);
    config[abi->config_console_vnc] = 1;
    config[abi->config_non_stall_events] = 1;
    if (abi->config_placement_id >= 0) {
        config[abi->config_placement_id] = CONFIG_PLACEMENT_ANYWHERE & 0xff;
        config[abi->config_placement_id + 1] = CONFIG_PLACEMENT_ANYWHERE >> 8;
    }
}

int vgpu_set_up(struct core *core, struct vgpu *vgpu) {
    uint8_t version[MESSAGE_VERSION_BYTES] = {0};
    uint8_t config[CONFIG_MAX_BYTES] = {0};
    struct vgpu_wait ready = {AREA_CONTROL + CONTROL_MESSAGE_SEQ_NUM, PLUGIN_BOOTLOADED, NULL, READY_MS};
    int error = vgpu_area_await(core, vgpu, &ready, "start of the plugin");
    if (error < 0 || (error = fill_control(core, vgpu)) < 0 ||
        (error = vgpu_rpc(core, vgpu, MESSAGE_VERSION_NEGOTIATION, version, sizeof version)) < 0) {
        return error;
    }
    fill_config(core, vgpu, config);
    return vgpu_rpc(core, vgpu, MESSAGE_CONFIG_AND_INIT, config, (uint32_t)core->gpu.firmware.abi->vgpu.config_bytes);
}
