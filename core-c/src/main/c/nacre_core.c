/* SPDX-License-Identifier: Apache-2.0 */
/* What the library exports. */
#include "core.h"

#include "error.h"
#include "hal.h"

#define SLICE_MS_MOST 30u
#define EXPORT __attribute__((visibility("default")))

EXPORT const struct nacre_core_ops *nacre_core_ops(void) {
    return &CORE_OPS;
}

EXPORT const char *const *nacre_core_chips(void) {
    return chip_names();
}

EXPORT int nacre_core_supports(uint32_t vendor, uint32_t device, uint32_t class_code) {
    return chip_may_be(vendor, device, class_code);
}

EXPORT int nacre_core_open(const struct nacre_platform *platform, const struct nacre_core_config *config,
                           struct nacre_core **core) {
    struct core *opened = NULL;
    int error = platform_check(platform);
    if (error < 0) {
        return error;
    }
    if (config == NULL || config->size < sizeof *config || core == NULL) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Configuration is missing, or of another version");
    }
    if (config->vgpu_policy > NACRE_VGPU_POLICY_FIXED_SHARE || config->vgpu_slice_ms > SLICE_MS_MOST) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Scheduling is impossible: policy=%u slice=%ums allowed=0 to %u ms",
                    config->vgpu_policy, config->vgpu_slice_ms, SLICE_MS_MOST);
    }
    error = core_open(platform, config, &opened);
    if (error >= 0) {
        *core = opened->handle;
    }
    return error;
}
