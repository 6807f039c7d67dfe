/* SPDX-License-Identifier: Apache-2.0 */
#include "gsp_abi.h"

/* HW: computed from the headers of open-gpu-kernel-modules, tag 570.144; heap: gsp_fw_heap.h */
static const struct gsp_abi R570_144 = {
    .version = "570.144",
    .rm_args_bytes = 0x48,
    .rm_args_sr = 0x20,
    .rm_args_dmem_stack = 0x30,
    .system_info_bytes = 928,
    .system_info_max_user_va = 0x48,
    .system_info_mirror = 0x50,
    .system_info_ids = 0x58,
    .system_info_vf = 856,
    .static_info_bytes = 1656,
    .static_gid = 24,
    .static_fb_regions = 344,
    .static_max_gfid = 1200,
    .static_fb_length = 1224,
    .static_name = 1260,
    .static_bar1_pde = 1536,
    .static_internal_client = 1600,
    .root_params_bytes = 120,
    .channel_params_bytes = 368,
    .ecc_status_bytes = 1464,
    .mc_gsp = 50,
    .mc_gr0 = 84,
    .rm_nvencs = 4,
    .has_ofa1 = true,
    .os_carveout_bytes = MIB(22),
    .heap_min_bytes = MIB(88),
    .suspends_by_sr_meta = true,
    .wants_devid_check_ignore = true,
};

/* HW: the same, tag 535.113.01 */
static const struct gsp_abi R535_113_01 = {
    .version = "535.113.01",
    .rm_args_bytes = 0x50,
    .rm_args_sr = 0x30,
    .rm_args_dmem_stack = -1,
    .system_info_bytes = 664,
    .system_info_max_user_va = 0x38,
    .system_info_mirror = 0x40,
    .system_info_ids = -1,
    .system_info_vf = 624,
    .static_info_bytes = 2168,
    .static_gid = 24,
    .static_fb_regions = 840,
    .static_max_gfid = 1696,
    .static_fb_length = 1752,
    .static_name = 1820,
    .static_bar1_pde = 2088,
    .static_internal_client = 2152,
    .root_params_bytes = 108,
    .channel_params_bytes = 360,
    .ecc_status_bytes = 1168,
    .mc_gsp = 49,
    .mc_gr0 = 82,
    .rm_nvencs = 3,
    .has_ofa1 = false,
    .os_carveout_bytes = MIB(20),
    .heap_min_bytes = MIB(84),
    .suspends_by_sr_meta = false,
    .wants_devid_check_ignore = false,
};

static const struct gsp_abi *const ALL[] = {&R570_144, &R535_113_01, NULL};

const struct gsp_abi *const *gsp_abi_all(void) {
    return ALL;
}
