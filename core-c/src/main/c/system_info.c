/* SPDX-License-Identifier: Apache-2.0 */
#include "gpu.h"

#include "error.h"
#include "regs.h"
#include "rm.h"

#include <stdlib.h>

#define CAPABILITIES_MAX 64
#define BAR_IS_64 4u
#define BAR_TYPE 6u
#define BAR_ADDRESS 0xfffffff0u
/* HW: TASK_SIZE of Linux on x86-64 */
#define MAX_USER_VA 0x00007ffffffff000ull

/* HW: open-gpu-kernel-modules src/nvidia/generated/g_os_nvoc.h: PACKED_REGISTRY_TABLE; type 1 is a number of 32 bits */
#define REGISTRY_HEADER_BYTES 8u
#define REGISTRY_ENTRY_BYTES 16u
#define REGISTRY_NAME 0
#define REGISTRY_TYPE 4
#define REGISTRY_DATA 8
#define REGISTRY_LENGTH 12
#define REGISTRY_TYPE_DWORD 1
#define REGISTRY_MAX_BYTES 256u
#define REGISTRY_MAX_ENTRIES 5u

/* RmPVMRL. HW: NVIDIA virtual GPU software user guide, "Changing scheduling behavior for time-sliced vGPUs" */
#define PVMRL_EQUAL_SHARE 0x01u
#define PVMRL_FIXED_SHARE 0x11u
#define PVMRL_SLICE_MS_SHIFT 16

static uint32_t config32(const struct gpu *gpu, uint32_t offset) {
    return gpu->platform->read32(gpu->platform->context, REGION_CONFIG, offset);
}

/* The address in a BAR of 32 or 64 bits. */
static uint64_t bar_address(const struct gpu *gpu, uint32_t at, bool *is_64) {
    uint32_t low = config32(gpu, at);
    *is_64 = (low & BAR_TYPE) == BAR_IS_64;
    return (low & BAR_ADDRESS) | (*is_64 ? (uint64_t)config32(gpu, at + 4) << 32 : 0);
}

void sriov_read(struct gpu *gpu) {
    struct sriov *sriov = &gpu->sriov;
    uint64_t bytes = gpu->platform->region_bytes(gpu->platform->context, REGION_CONFIG);
    uint32_t at = PCI_CAPABILITIES;
    *sriov = (struct sriov){0};
    for (int i = 0; i < CAPABILITIES_MAX && at >= PCI_CAPABILITIES && at + 0x40 <= bytes; i++) {
        uint32_t header = config32(gpu, at);
        if (header == 0 || header == UINT32_MAX) {
            return;
        }
        if ((header & 0xffff) == PCI_CAPABILITY_SRIOV) {
            sriov->total_vfs = config32(gpu, at + (PCI_SRIOV_TOTAL_VFS & ~3u)) >> 16;
            sriov->first_offset = config32(gpu, at + PCI_SRIOV_VF_OFFSET) & 0xffff;
            uint32_t bar = at + PCI_SRIOV_BAR0;
            for (int k = 0; k < 3; k++) {
                sriov->bars[k] = bar_address(gpu, bar, &sriov->is_64[k]);
                bar += sriov->is_64[k] ? 8 : 4;
            }
            return;
        }
        at = header >> 20 & ~3u;
    }
}

static void fill_vf_info(const struct gpu *gpu, uint8_t *info) {
    const struct sriov *sriov = &gpu->sriov;
    put32(info + VF_INFO_TOTAL, sriov->total_vfs);
    put32(info + VF_INFO_OFFSET, sriov->first_offset);
    put64(info + VF_INFO_BAR0, sriov->bars[0]);
    put64(info + VF_INFO_BAR1, sriov->bars[1]);
    put64(info + VF_INFO_BAR2, sriov->bars[2]);
    info[VF_INFO_BAR1_IS_64] = sriov->is_64[1];
    info[VF_INFO_BAR2_IS_64] = sriov->is_64[2];
}

static int send_info(struct gpu *gpu) {
    const struct gsp_abi *abi = gpu->firmware.abi;
    uint8_t *info = calloc(1, (size_t)abi->system_info_bytes);
    if (info == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a message");
    }
    bool is_64 = false;
    uint64_t bar0 = bar_address(gpu, PCI_BAR0, &is_64);
    uint32_t next = PCI_BAR0 + (is_64 ? 8 : 4);
    uint64_t bar1 = bar_address(gpu, next, &is_64);
    next += is_64 ? 8 : 4;
    put64(info + SYSTEM_INFO_BAR0, bar0);
    put64(info + SYSTEM_INFO_BAR1, bar1);
    put64(info + SYSTEM_INFO_BAR3, bar_address(gpu, next, &is_64));
    put64(info + abi->system_info_max_user_va, MAX_USER_VA);
    put32(info + abi->system_info_mirror, NV_XVE_MIRROR);
    put32(info + abi->system_info_mirror + 4, NV_XVE_MIRROR_BYTES);
    if (abi->system_info_ids >= 0) {
        put32(info + abi->system_info_ids, config32(gpu, 0));
        put32(info + abi->system_info_ids + 4, config32(gpu, PCI_SUBSYSTEM));
        put32(info + abi->system_info_ids + 8, config32(gpu, PCI_REVISION) & 0xff);
    }
    if (gpu->is_vgpu) {
        fill_vf_info(gpu, info + abi->system_info_vf);
    }
    int error = rpc_send(&gpu->rpc, RPC_GSP_SET_SYSTEM_INFO, info, (uint64_t)abi->system_info_bytes);
    free(info);
    return error;
}

uint32_t scheduling_registry(const struct nacre_core_config *config) {
    uint32_t policy = config->vgpu_policy == NACRE_VGPU_POLICY_EQUAL_SHARE   ? PVMRL_EQUAL_SHARE
                      : config->vgpu_policy == NACRE_VGPU_POLICY_FIXED_SHARE ? PVMRL_FIXED_SHARE
                                                                             : 0;
    return policy == 0 ? 0 : policy | config->vgpu_slice_ms << PVMRL_SLICE_MS_SHIFT;
}

/* HW: nouveau nvkm/subdev/gsp/rm/r535/gsp.c, r535_registry_entries; SR-IOV: the first vGPU series */
static int send_registry(struct gpu *gpu) {
    struct {
        const char *name;
        uint32_t value;
    } settings[REGISTRY_MAX_ENTRIES] = {{"RMSecBusResetEnable", 1}, {"RMForcePcieConfigSave", 1}};
    uint32_t count = 2;
    if (gpu->firmware.abi->wants_devid_check_ignore) {
        settings[count].name = "RMDevidCheckIgnore";
        settings[count++].value = 1;
    }
    if (gpu->is_vgpu) {
        settings[count].name = "RMSetSriovMode";
        settings[count++].value = 1;
        settings[count].name = "RmPVMRL";
        settings[count++].value = gpu->scheduling;
    }
    uint8_t table[REGISTRY_MAX_BYTES] = {0};
    uint32_t text = REGISTRY_HEADER_BYTES + count * REGISTRY_ENTRY_BYTES;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *entry = table + REGISTRY_HEADER_BYTES + i * REGISTRY_ENTRY_BYTES;
        size_t bytes = strlen(settings[i].name) + 1;
        put32(entry + REGISTRY_NAME, text);
        entry[REGISTRY_TYPE] = REGISTRY_TYPE_DWORD;
        put32(entry + REGISTRY_DATA, settings[i].value);
        put32(entry + REGISTRY_LENGTH, 4);
        memcpy(table + text, settings[i].name, bytes);
        text += (uint32_t)bytes;
    }
    put32(table, text);
    put32(table + 4, count);
    return rpc_send(&gpu->rpc, RPC_SET_REGISTRY, table, text);
}

int system_info_send(struct gpu *gpu) {
    int error = send_info(gpu);
    return error < 0 ? error : send_registry(gpu);
}
