/* SPDX-License-Identifier: Apache-2.0 */
/* What a driver and the GSP's firmware share: arguments of the start, the queues, and what differs between releases. */
#ifndef NACRE_GSP_ABI_H
#define NACRE_GSP_ABI_H

#include "base.h"

/* GspFwWprMeta. HW: open-gpu-kernel-modules src/nvidia/arch/nvalloc/common/inc/gsp/gsp_fw_wpr_meta.h */
#define WPR_META_BYTES 256u
#define WPR_META_MAGIC 0xdc3aae21371a60b3ull
#define WPR_META_REVISION 1u
#define WPR_META_RADIX3 0x10
#define WPR_META_RADIX3_SIZE 0x18
#define WPR_META_BOOTLOADER 0x20
#define WPR_META_BOOTLOADER_SIZE 0x28
#define WPR_META_BOOTLOADER_CODE 0x30
#define WPR_META_BOOTLOADER_DATA 0x38
#define WPR_META_BOOTLOADER_MANIFEST 0x40
#define WPR_META_SIGNATURE 0x48
#define WPR_META_SIGNATURE_SIZE 0x50
#define WPR_META_RSVD_START 0x58
#define WPR_META_NON_WPR_HEAP 0x60
#define WPR_META_NON_WPR_HEAP_SIZE 0x68
#define WPR_META_WPR_START 0x70
#define WPR_META_HEAP 0x78
#define WPR_META_HEAP_SIZE 0x80
#define WPR_META_FW_OFFSET 0x88
#define WPR_META_BOOT_BIN 0x90
#define WPR_META_FRTS 0x98
#define WPR_META_FRTS_SIZE 0xa0
#define WPR_META_WPR_END 0xa8
#define WPR_META_FB_SIZE 0xb0
#define WPR_META_VGA 0xb8
#define WPR_META_VGA_SIZE 0xc0
#define WPR_META_VF_PARTITIONS 0xf0

/* GspFwSRMeta. HW: .../gsp_fw_sr_meta.h */
#define SR_META_BYTES 256u
#define SR_META_MAGIC 0x8a3bb9e6c6c39d93ull
#define SR_META_REVISION 2u
#define SR_META_DATA 0x10
#define SR_META_DATA_SIZE 0x18

/* LibosMemoryRegionInitArgument. HW: src/common/uproc/os/common/include/libos_init_args.h */
#define LIBOS_ARGUMENT_BYTES 32
#define LIBOS_ID 0
#define LIBOS_ADDRESS 8
#define LIBOS_SIZE 16
#define LIBOS_KIND 24
#define LIBOS_KIND_CONTIGUOUS 1
#define LIBOS_LOCATION 25
#define LIBOS_LOCATION_SYSMEM 1

/* GSP_ARGUMENTS_CACHED: what is the same in all releases. HW: src/nvidia/inc/kernel/gpu/gsp/gsp_init_args.h */
#define RM_ARGS_SHARED_MEM 0x00
#define RM_ARGS_PAGES 0x08
#define RM_ARGS_CMD_QUEUE 0x10
#define RM_ARGS_STAT_QUEUE 0x18
/* GPU_STATE_FLAGS_PRESERVING and _PM_TRANSITION. HW: g_gpu_nvoc.h */
#define RM_ARGS_SR_FLAGS_RESUME 5u

/* Queues. HW: src/common/shared/msgq/inc/msgq/msgq_priv.h, message_queue_priv.h, g_rpc-message-header.h */
#define QUEUE_VERSION 0x00
#define QUEUE_SIZE 0x04
#define QUEUE_MSG_SIZE 0x08
#define QUEUE_MSG_COUNT 0x0c
#define QUEUE_WRITE_PTR 0x10
#define QUEUE_FLAGS 0x14
#define QUEUE_FLAGS_SWAP_RX 1u
#define QUEUE_RX_HDR_OFF 0x18
#define QUEUE_ENTRY_OFF 0x1c
#define QUEUE_READ_PTR 0x20
#define QUEUE_BYTES 0x40000u
#define ELEMENT_BYTES 0x1000u
#define ELEMENT_HEADER_BYTES 0x30u
#define ELEMENT_CHECKSUM 0x20
#define ELEMENT_SEQUENCE 0x24
#define ELEMENT_COUNT 0x28
#define RECORD_MAX_ELEMENTS 16u
#define RPC_HEADER_BYTES 0x20u
#define RPC_HEADER_VERSION 0x00
#define RPC_HEADER_SIGNATURE 0x04
#define RPC_HEADER_LENGTH 0x08
#define RPC_HEADER_FUNCTION 0x0c
#define RPC_HEADER_RESULT 0x10
#define RPC_HEADER_RESULT_PRIVATE 0x14
#define RPC_HEADER_SEQUENCE 0x18
#define RPC_VERSION_3 0x03000000u
#define RPC_SIGNATURE_VRPC 0x43505256u
#define RECORD_MAX_BYTES (RECORD_MAX_ELEMENTS * ELEMENT_BYTES)
#define RECORD_MAX_PAYLOAD (RECORD_MAX_BYTES - ELEMENT_HEADER_BYTES - RPC_HEADER_BYTES)

/* NV2080_CTRL_CMD_FB_GET_FB_REGION_INFO_PARAMS, in the static information. HW: ctrl2080fb.h */
#define FB_REGIONS_FIRST 8
#define FB_REGION_BYTES 48
#define FB_REGION_LIMIT 8
#define FB_REGION_RESERVED 16
#define FB_REGION_COMPRESSED 28
#define FB_REGION_ISO 29
#define FB_REGION_PROTECTED 30
/* NV2080_CTRL_GPU_GET_GID_INFO_PARAMS */
#define GID_LENGTH 8
#define GID_DATA 12
#define GID_BYTES 16

/* GspSystemInfo: what is the same in all releases, and GSP_VF_INFO in it. HW: gsp_static_config.h */
#define SYSTEM_INFO_BAR0 0x00
#define SYSTEM_INFO_BAR1 0x08
#define SYSTEM_INFO_BAR3 0x10
#define VF_INFO_TOTAL 0x00
#define VF_INFO_OFFSET 0x04
#define VF_INFO_BAR0 0x08
#define VF_INFO_BAR1 0x10
#define VF_INFO_BAR2 0x18
#define VF_INFO_BAR1_IS_64 0x21
#define VF_INFO_BAR2_IS_64 0x22

/* What differs between releases about virtual GPUs: parameters that start a plugin, a type, a plugin's response, what a
 * head shows, and a plugin's configuration. What is the same is in vgpu_abi.h. */
struct vgpu_abi {
    int bootload_bytes;
    int bootload_engines;
    int bootload_segments;
    int bootload_fb_addresses;
    int bootload_fb_lengths;
    int bootload_heap;
    int bootload_ctrl_offset;
    int bootload_init_log;
    int bootload_vgpu_log;
    int bootload_kernel_log;
    int type_bytes;
    int response_processed;
    int response_result;
    int surface_bytes;
    int surface_blanked;
    int surface_block_linear;
    int config_bytes;
    int config_console_vnc;
    int config_non_stall_events;
    int config_placement_id;
};

/* What differs between releases of the firmware; offsets and sizes in bytes, -1 for what a release does not have. */
struct gsp_abi {
    const char *version;
    /* GSP_ARGUMENTS_CACHED: srInitArguments {oldLevel, flags, bInPMTransition}, bDmemStack */
    int rm_args_bytes;
    int rm_args_sr;
    int rm_args_dmem_stack;
    /* GspSystemInfo */
    int system_info_bytes;
    int system_info_max_user_va;
    int system_info_mirror;
    int system_info_ids;
    int system_info_vf;
    /* GspStaticConfigInfo */
    int static_info_bytes;
    int static_gid;
    int static_gpcs; /* the mask of GPCs, followed by {number, mask of TPCs} for each of 32 */
    int static_fb_regions;
    int static_max_gfid;
    int static_fb_length;
    int static_name;
    int static_bar1_pde;
    int static_internal_client;
    /* Sizes of parameters */
    int root_params_bytes;
    int channel_params_bytes;
    int ecc_status_bytes;
    /* Numbers */
    uint32_t mc_gsp;
    uint32_t mc_gr0;
    uint32_t rm_nvencs;
    bool has_ofa1;
    /* The carve-out of the firmware's operating system in its heap, and its least heap. */
    uint64_t os_carveout_bytes;
    uint64_t heap_min_bytes;
    /* Whether FBSR_INIT takes the address of GspFwSRMeta, and channels are stopped by a control. */
    bool suspends_by_sr_meta;
    bool wants_devid_check_ignore;
    struct vgpu_abi vgpu;
};

/* Releases in the order of preference; the list ends with NULL. */
const struct gsp_abi *const *gsp_abi_all(void);

#endif
