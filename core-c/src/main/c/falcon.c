/* SPDX-License-Identifier: Apache-2.0 */
#include "falcon.h"

#include "error.h"
#include "regs.h"

/* TIMEOUT: bounds as other drivers have them: nouveau nvkm/falcon/ga102.c, fw.c */
#define RESET_READY_MS 1
#define RESET_PULSE_US 10
#define SCRUB_MS 20
#define SELECT_MS 10
#define DMA_MS 2000
#define HALT_MS 2000

#define BLOCK_BYTES 256u
#define FUSE_VERSION_MASK 0xffffu

static int reset_engine(const struct nacre_platform *p, uint32_t base) {
    /* It may not become ready: then it is reset all the same. */
    (void)poll32(p, base + NV_PFALCON_FALCON_HWCFG2, NV_PFALCON_FALCON_HWCFG2_RESET_READY,
                 NV_PFALCON_FALCON_HWCFG2_RESET_READY, RESET_READY_MS, "Falcon is not ready for a reset");
    mask32(p, base + NV_PFALCON_FALCON_ENGINE, NV_PFALCON_FALCON_ENGINE_RESET, NV_PFALCON_FALCON_ENGINE_RESET);
    pause_us(RESET_PULSE_US);
    mask32(p, base + NV_PFALCON_FALCON_ENGINE, NV_PFALCON_FALCON_ENGINE_RESET, 0);
    return poll32(p, base + NV_PFALCON_FALCON_HWCFG2, NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING, 0, SCRUB_MS,
                  "Falcon's memory is not scrubbed");
}

int falcon_reset(const struct nacre_platform *platform, uint32_t base, uint32_t boot_0) {
    mask32(platform, base + NV_PFALCON_FALCON_ITFEN, 3, 0);
    wr32(platform, base + NV_PFALCON_FALCON_IRQMCLR, UINT32_MAX);
    int error = reset_engine(platform, base);
    if (error < 0) {
        return error;
    }
    if (rd32(platform, base + NV_PRISCV_RISCV_BCR_CTRL) & NV_PRISCV_RISCV_BCR_CTRL_CORE_RISCV) {
        wr32(platform, base + NV_PRISCV_RISCV_BCR_CTRL, 0);
        error = poll32(platform, base + NV_PRISCV_RISCV_BCR_CTRL, NV_PRISCV_RISCV_BCR_CTRL_VALID,
                       NV_PRISCV_RISCV_BCR_CTRL_VALID, SELECT_MS, "Falcon core cannot be selected");
    }
    if (error >= 0) {
        wr32(platform, base + NV_PFALCON_FALCON_RM, boot_0);
    }
    return error;
}

int falcon_reset_to_riscv(const struct nacre_platform *platform, uint32_t base) {
    uint32_t bits = NV_PRISCV_RISCV_BCR_CTRL_CORE_RISCV | NV_PRISCV_RISCV_BCR_CTRL_BRFETCH |
                    NV_PRISCV_RISCV_BCR_CTRL_VALID;
    int error = reset_engine(platform, base);
    if (error >= 0) {
        mask32(platform, base + NV_PRISCV_RISCV_BCR_CTRL, bits, bits);
    }
    return error;
}

void falcon_mailboxes(const struct nacre_platform *platform, uint32_t base, uint64_t value) {
    wr32(platform, base + NV_PFALCON_FALCON_MAILBOX0, (uint32_t)value);
    wr32(platform, base + NV_PFALCON_FALCON_MAILBOX1, (uint32_t)(value >> 32));
}

bool falcon_is_riscv_active(const struct nacre_platform *platform, uint32_t base) {
    uint32_t control = rd32(platform, base + NV_PRISCV_RISCV_CPUCTL);
    return control != UINT32_MAX && (control & NV_PRISCV_RISCV_CPUCTL_ACTIVE) != 0;
}

int falcon_fuse_version(const struct nacre_platform *platform, const struct falcon_image *image, uint32_t *version) {
    uint32_t fuses = image->engine_mask & FALCON_ENGINE_ID_SEC2    ? NV_FUSE_OPT_FPF_SEC2_UCODE_VERSION
                     : image->engine_mask & FALCON_ENGINE_ID_NVDEC ? NV_FUSE_OPT_FPF_NVDEC_UCODE_VERSION
                     : image->engine_mask & FALCON_ENGINE_ID_GSP   ? NV_FUSE_OPT_FPF_GSP_UCODE_VERSION
                                                                   : 0;
    if (fuses == 0 || image->ucode_id == 0 || image->ucode_id > NV_FUSE_UCODES) {
        return fail(NACRE_ERR_IO, "Program is for no known engine: engines=0x%x ucode=%u", image->engine_mask,
                    image->ucode_id);
    }
    uint32_t value = rd32(platform, fuses + 4 * (image->ucode_id - 1)) & FUSE_VERSION_MASK;
    *version = value == 0 ? 0 : 32 - (uint32_t)__builtin_clz(value);
    return 0;
}

/* Loads a part of a program by 256-byte transfers. The offset of a transfer in memory is also the tag of its code. */
static int load(const struct nacre_platform *p, uint32_t base, uint64_t from, uint32_t to, uint32_t tag,
                uint32_t bytes, uint32_t command) {
    uint64_t address = from - tag;
    if (address % BLOCK_BYTES != 0 || tag % BLOCK_BYTES != 0 || to % BLOCK_BYTES != 0) {
        return fail(NACRE_ERR_IO, "Falcon's program is not aligned: from=0x%llx to=0x%x", (unsigned long long)from, to);
    }
    wr32(p, base + NV_PFALCON_FALCON_DMATRFBASE, (uint32_t)(address >> 8));
    wr32(p, base + NV_PFALCON_FALCON_DMATRFBASE1, (uint32_t)(address >> 40));
    for (uint32_t at = 0; at < bytes; at += BLOCK_BYTES) {
        wr32(p, base + NV_PFALCON_FALCON_DMATRFMOFFS, to + at);
        wr32(p, base + NV_PFALCON_FALCON_DMATRFFBOFFS, tag + at);
        wr32(p, base + NV_PFALCON_FALCON_DMATRFCMD, command | NV_PFALCON_FALCON_DMATRFCMD_SIZE_256B);
        int error = poll32(p, base + NV_PFALCON_FALCON_DMATRFCMD, NV_PFALCON_FALCON_DMATRFCMD_IDLE,
                           NV_PFALCON_FALCON_DMATRFCMD_IDLE, DMA_MS, "Falcon's transfer does not end");
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

static int start(const struct nacre_platform *p, uint32_t base, const struct falcon_image *image, uint64_t argument) {
    wr32(p, base + NV_PFALCON2_FALCON_BROM_PARAADDR0, image->signature_offset);
    wr32(p, base + NV_PFALCON2_FALCON_BROM_ENGIDMASK, image->engine_mask);
    wr32(p, base + NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID, image->ucode_id);
    wr32(p, base + NV_PFALCON2_FALCON_MOD_SEL, NV_PFALCON2_FALCON_MOD_SEL_RSA3K);
    falcon_mailboxes(p, base, argument);
    wr32(p, base + NV_PFALCON_FALCON_BOOTVEC, image->boot_vector);
    bool by_alias = (rd32(p, base + NV_PFALCON_FALCON_CPUCTL) & NV_PFALCON_FALCON_CPUCTL_ALIAS_EN) != 0;
    wr32(p, base + (by_alias ? NV_PFALCON_FALCON_CPUCTL_ALIAS : NV_PFALCON_FALCON_CPUCTL),
         NV_PFALCON_FALCON_CPUCTL_STARTCPU);
    return poll32(p, base + NV_PFALCON_FALCON_CPUCTL, NV_PFALCON_FALCON_CPUCTL_HALTED,
                  NV_PFALCON_FALCON_CPUCTL_HALTED, HALT_MS, "Falcon's program does not end");
}

int falcon_run(const struct nacre_platform *platform, uint32_t base, const struct falcon_image *image,
               const struct blob *signature, uint64_t argument, uint32_t *result) {
    struct dma_memory copy = {0};
    int error = dma_alloc(platform, &copy, align_up(image->image.bytes, BLOCK_BYTES) + BLOCK_BYTES);
    if (error < 0) {
        return error;
    }
    memcpy(copy.cpu, image->image.data, image->image.bytes);
    memcpy(copy.cpu + image->signature_at, signature->data, signature->bytes);
    mask32(platform, base + NV_PFALCON_FBIF_CTL, NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX,
           NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX);
    wr32(platform, base + NV_PFALCON_FALCON_DMACTL, 0);
    mask32(platform, base + NV_PFALCON_FBIF_TRANSCFG, NV_PFALCON_FBIF_TRANSCFG_MASK,
           NV_PFALCON_FBIF_TRANSCFG_COHERENT_PHYSICAL);
    error = load(platform, base, copy.iova + image->imem_from, image->imem_to, image->imem_virtual,
                 image->imem_bytes, NV_PFALCON_FALCON_DMATRFCMD_IMEM | NV_PFALCON_FALCON_DMATRFCMD_SECURE);
    if (error >= 0) {
        error = load(platform, base, copy.iova + image->dmem_from, image->dmem_to, 0, image->dmem_bytes, 0);
    }
    if (error >= 0) {
        error = start(platform, base, image, argument);
    }
    *result = error < 0 ? UINT32_MAX : rd32(platform, base + NV_PFALCON_FALCON_MAILBOX0);
    dma_free(platform, &copy);
    return error;
}
