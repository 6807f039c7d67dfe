/* SPDX-License-Identifier: Apache-2.0 */
#include "booter.h"

#include "error.h"
#include "falcon.h"
#include "regs.h"

#define FRTS_ERROR_SHIFT 16
#define SB_ERROR_MASK 0xffffu
#define FUSE_VERSIONS 16u

static int signature_at(const struct signatures *signatures, uint32_t index, struct blob *signature) {
    if (index >= signatures->count) {
        return fail(NACRE_ERR_IO, "Program has no signature for this GPU: index=%u count=%u", index,
                    signatures->count);
    }
    *signature = (struct blob){signatures->all.data + (size_t)index * signatures->each_bytes, signatures->each_bytes};
    return 0;
}

/* HW: nouveau nvkm/subdev/gsp/fwsec.c: one signature for each bit of the mask of versions, lowest first. */
int fwsec_signature(const struct signatures *signatures, uint32_t fuse_version, struct blob *signature) {
    uint32_t bit = fuse_version < FUSE_VERSIONS ? 1u << fuse_version : 0;
    if ((signatures->version & bit) == 0) {
        return fail(NACRE_ERR_IO, "FWSEC has no signature for this GPU: version=%u versions=0x%x", fuse_version,
                    signatures->version);
    }
    return signature_at(signatures, (uint32_t)__builtin_popcount(signatures->version & (bit - 1)), signature);
}

/* HW: nova-core firmware/booter.rs: newest first; without fuses the last. */
int booter_signature(const struct signatures *signatures, uint32_t fuse_version, struct blob *signature) {
    if (fuse_version > signatures->version) {
        return fail(NACRE_ERR_IO, "Booter is too old for this GPU: version=%u wanted=%u", signatures->version,
                    fuse_version);
    }
    uint32_t index = fuse_version == 0 ? signatures->count - 1 : signatures->version - fuse_version;
    return signature_at(signatures, index, signature);
}

static int fwsec_run(const struct nacre_platform *p, struct fwsec *fwsec, uint32_t boot_0,
                     const struct fwsec_command *command) {
    uint32_t version = 0;
    uint32_t result = 0;
    struct blob signature;
    int error = fwsec_patch(fwsec, command);
    if (error < 0 || (error = falcon_fuse_version(p, &fwsec->program, &version)) < 0 ||
        (error = fwsec_signature(&fwsec->signatures, version, &signature)) < 0 ||
        (error = falcon_reset(p, NV_PGSP, boot_0)) < 0) {
        return error;
    }
    error = falcon_run(p, NV_PGSP, &fwsec->program, &signature, 0, &result);
    return error >= 0 && result != 0 ? fail(NACRE_ERR_IO, "FWSEC failed: result=0x%x", result) : error;
}

int fwsec_run_frts(const struct nacre_platform *platform, struct fwsec *fwsec, uint32_t boot_0, uint64_t offset,
                   uint64_t bytes) {
    struct fwsec_command command = {.is_frts = true, .frts_offset = offset, .frts_bytes = bytes};
    int error = fwsec_run(platform, fwsec, boot_0, &command);
    if (error < 0) {
        return error;
    }
    uint32_t failure = rd32(platform, NV_PBUS_SW_SCRATCH_0E) >> FRTS_ERROR_SHIFT;
    uint64_t start = (uint64_t)(rd32(platform, NV_PFB_PRI_MMU_WPR2_ADDR_LO) >> 4) << 12;
    if (failure != 0 || !wpr2_is_up(platform) || start != offset) {
        return fail(NACRE_ERR_IO, "FWSEC did not protect its region: error=0x%x start=0x%llx wanted=0x%llx", failure,
                    (unsigned long long)start, (unsigned long long)offset);
    }
    return 0;
}

int fwsec_run_sb(const struct nacre_platform *platform, struct fwsec *fwsec, uint32_t boot_0) {
    struct fwsec_command command = {.is_frts = false};
    int error = fwsec_run(platform, fwsec, boot_0, &command);
    if (error < 0) {
        return error;
    }
    uint32_t failure = rd32(platform, NV_PBUS_SW_SCRATCH_15) & SB_ERROR_MASK;
    return failure != 0 ? fail(NACRE_ERR_IO, "FWSEC-SB failed: error=0x%x", failure) : 0;
}

int booter_run(const struct nacre_platform *platform, const struct falcon_image *booter,
               const struct signatures *signatures, uint32_t boot_0, uint64_t argument) {
    uint32_t version = 0;
    uint32_t result = 0;
    struct blob signature;
    int error = falcon_fuse_version(platform, booter, &version);
    if (error < 0 || (error = booter_signature(signatures, version, &signature)) < 0 ||
        (error = falcon_reset(platform, NV_PSEC, boot_0)) < 0) {
        return error;
    }
    error = falcon_run(platform, NV_PSEC, booter, &signature, argument, &result);
    return error >= 0 && result != 0 ? fail(NACRE_ERR_IO, "Booter failed: result=0x%x", result) : error;
}

bool wpr2_is_up(const struct nacre_platform *platform) {
    return rd32(platform, NV_PFB_PRI_MMU_WPR2_ADDR_HI) >> 4 != 0;
}
