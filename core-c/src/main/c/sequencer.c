/* SPDX-License-Identifier: Apache-2.0 */
#include "sequencer.h"

#include "error.h"
#include "falcon.h"
#include "regs.h"
#include "rm.h"

/* HW: open-gpu-kernel-modules src/nvidia/inc/kernel/gpu/gsp/kernel_gsp.h (rmgspseq.h): GSP_SEQ_BUF_OPCODE */
enum opcode {
    REG_WRITE,
    REG_MODIFY,
    REG_POLL,
    DELAY_US,
    REG_STORE,
    CORE_RESET,
    CORE_START,
    CORE_WAIT_FOR_HALT,
    CORE_RESUME,
    OPCODES
};
static const uint32_t WORDS[OPCODES] = {2, 3, 5, 1, 2, 0, 0, 0, 0};

/* TIMEOUT: what other drivers grant, as the bound of what the firmware may ask for; for delays it is that of all. */
#define POLL_MS 4000u
#define CORE_MS 2000u
#define DELAYS_MAX_US 2000000u
#define COMMANDS_MAX 4096u

static int bad(const char *what, uint32_t value) {
    return fail(NACRE_ERR_IO, "Firmware's list of register accesses is impossible: %s=0x%x", what, value);
}

static int core_resume(const struct sequencer_arguments *a) {
    const struct nacre_platform *p = a->platform;
    int error = falcon_reset_to_riscv(p, NV_PGSP);
    if (error < 0) {
        return error;
    }
    falcon_mailboxes(p, NV_PGSP, a->libos_arguments);
    wr32(p, NV_PSEC + NV_PFALCON_FALCON_CPUCTL, NV_PFALCON_FALCON_CPUCTL_STARTCPU);
    error = poll32(p, NV_PGC6_BSI_SECURE_SCRATCH_14, NV_PGC6_BSI_SECURE_SCRATCH_14_HANDOFF,
                   NV_PGC6_BSI_SECURE_SCRATCH_14_HANDOFF, CORE_MS, "SEC2 does not hand over");
    uint32_t result = rd32(p, NV_PSEC + NV_PFALCON_FALCON_MAILBOX0);
    if (error >= 0 && result != 0) {
        return fail(NACRE_ERR_IO, "SEC2 failed: result=0x%x", result);
    }
    wr32(p, NV_PGSP + NV_PFALCON_FALCON_OS, a->app_version);
    return error >= 0 && !falcon_is_riscv_active(p, NV_PGSP) ? fail(NACRE_ERR_IO, "GSP does not run") : error;
}

static int run_core(const struct sequencer_arguments *a, enum opcode opcode) {
    const struct nacre_platform *p = a->platform;
    uint32_t control = NV_PGSP + NV_PFALCON_FALCON_CPUCTL;
    bool by_alias = false;
    int error = 0;
    switch (opcode) {
    case CORE_RESET:
        error = falcon_reset(p, NV_PGSP, rd32(p, NV_PMC_BOOT_0));
        mask32(p, NV_PGSP + NV_PFALCON_FBIF_CTL, NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX,
               NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX);
        wr32(p, NV_PGSP + NV_PFALCON_FALCON_DMACTL, 0);
        return error;
    case CORE_START:
        by_alias = (rd32(p, control) & NV_PFALCON_FALCON_CPUCTL_ALIAS_EN) != 0;
        wr32(p, by_alias ? NV_PGSP + NV_PFALCON_FALCON_CPUCTL_ALIAS : control, NV_PFALCON_FALCON_CPUCTL_STARTCPU);
        return 0;
    case CORE_WAIT_FOR_HALT:
        return poll32(p, control, NV_PFALCON_FALCON_CPUCTL_HALTED, NV_PFALCON_FALCON_CPUCTL_HALTED, CORE_MS,
                      "GSP's falcon does not halt");
    default:
        return core_resume(a);
    }
}

static int run_register(const struct nacre_platform *p, enum opcode opcode, const uint8_t *words, uint32_t *save) {
    uint32_t address = get32(words);
    uint32_t second = get32(words + 4);
    if (address % 4 != 0 || address >= BAR0_BYTES) {
        return bad("address", address);
    }
    switch (opcode) {
    case REG_WRITE:
        wr32(p, address, second);
        return 0;
    case REG_MODIFY:
        mask32(p, address, second, get32(words + 8));
        return 0;
    case REG_POLL:
        return poll32(p, address, second, get32(words + 8), POLL_MS, "Firmware's list waits");
    default:
        if (second >= RPC_SEQUENCER_SAVE_WORDS) {
            return bad("place", second);
        }
        save[second] = rd32(p, address);
        return 0;
    }
}

int sequencer_run(const struct sequencer_arguments *arguments, const uint8_t *payload, uint32_t bytes) {
    if (bytes < RPC_SEQUENCER_COMMANDS) {
        return bad("bytes", bytes);
    }
    uint32_t count = get32(payload + RPC_SEQUENCER_COUNT_DWORDS);
    if (count > COMMANDS_MAX || count > (bytes - RPC_SEQUENCER_COMMANDS) / 4) {
        return bad("words", count);
    }
    uint32_t save[RPC_SEQUENCER_SAVE_WORDS] = {0};
    uint32_t delays_left = DELAYS_MAX_US;
    for (uint32_t at = 0; at < count;) {
        const uint8_t *command = payload + RPC_SEQUENCER_COMMANDS + 4 * at;
        uint32_t opcode = get32(command);
        if (opcode >= OPCODES || WORDS[opcode] > count - at - 1) {
            return bad("opcode", opcode);
        }
        int error = 0;
        if (opcode == DELAY_US) {
            uint32_t us = get32(command + 4);
            if (us > delays_left) {
                return bad("delay", us);
            }
            delays_left -= us;
            pause_us(us);
        } else {
            error = opcode < CORE_RESET
                        ? run_register(arguments->platform, (enum opcode)opcode, command + 4, save)
                        : run_core(arguments, (enum opcode)opcode);
        }
        if (error < 0) {
            return error;
        }
        at += 1 + WORDS[opcode];
    }
    return 0;
}
