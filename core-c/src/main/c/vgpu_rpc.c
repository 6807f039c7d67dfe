/* SPDX-License-Identifier: Apache-2.0 */
#include "vgpu.h"

#include "error.h"
#include "regs.h"

#include <stdio.h>

/* TIMEOUT: other drivers grant a plugin 120 s. It answers in milliseconds, a reset when its engines have stopped, which
 * the firmware bounds to few seconds; and a machine's start, reset and end wait for this. */
#define CALL_MS 10000u

/* The number of the next message, which is never 0. */
static uint32_t next_sequence(struct vgpu *vgpu) {
    vgpu->sequence = vgpu->sequence == UINT32_MAX ? 1 : vgpu->sequence + 1;
    return vgpu->sequence;
}

int vgpu_rpc(struct core *core, struct vgpu *vgpu, uint32_t message, void *payload, uint32_t bytes) {
    const struct nacre_platform *p = core->platform;
    const struct vgpu_abi *abi = &core->gpu.firmware.abi->vgpu;
    char what[32];
    if (vgpu->is_broken) {
        return fail(NACRE_ERR_IO, "Plugin has not answered before: vf=%u", vgpu->vf_index);
    }
    uint32_t before = vgpu->sequence;
    uint32_t sequence = next_sequence(vgpu);
    int error = vgpu_area_write(core, vgpu, AREA_MESSAGE, payload, bytes);
    if (error < 0) {
        return error;
    }
    /* ORDERING: the payload is there before the number, and that before the doorbell, which is read back so that the
     * plugin has been called when this goes on. */
    vgpu_area_wr32(core, vgpu, AREA_CONTROL + CONTROL_MESSAGE_TYPE, message);
    vgpu_area_wr32(core, vgpu, AREA_CONTROL + CONTROL_MESSAGE_SEQ_NUM, sequence);
    wr32(p, NV_VF_PRIV_DOORBELL, NV_VF_PRIV_DOORBELL_PLUGIN(vgpu->gfid));
    (void)rd32(p, NV_VF_PRIV_DOORBELL);
    snprintf(what, sizeof what, "message=%u", message);
    struct vgpu_wait wait = {AREA_RESPONSE + (uint32_t)abi->response_processed, sequence, &before, CALL_MS};
    error = vgpu_area_await(core, vgpu, &wait, what);
    if (error < 0) {
        vgpu->is_broken = true;
        return error;
    }
    uint32_t result = vgpu_area_rd32(core, vgpu, AREA_RESPONSE + (uint32_t)abi->response_result);
    if (result != 0) {
        return fail(NACRE_ERR_IO, "Plugin refuses: message=%u vf=%u result=0x%x", message, vgpu->vf_index, result);
    }
    return vgpu_area_read(core, vgpu, AREA_MESSAGE, payload, bytes);
}
