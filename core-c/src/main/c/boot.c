/* SPDX-License-Identifier: Apache-2.0 */
#include "gpu.h"

#include "error.h"
#include "falcon.h"
#include "regs.h"
#include "rm.h"
#include "sequencer.h"

/* TIMEOUT: bounds as other drivers have them: nova-core gfw.rs, gsp/boot.rs; nouveau r535/gsp.c. The firmware's start
 * takes seconds on hardware, and longer where the GPU is played by a busy host. */
#define GFW_MS 4000
#define RISCV_MS 5000
#define INIT_DONE_MS 10000
#define UNLOAD_MS 2000
#define MAILBOX_UNLOADED 0x80000000u

static int identify(struct gpu *gpu) {
    const struct nacre_platform *p = gpu->platform;
    gpu->boot_0 = rd32(p, NV_PMC_BOOT_0);
    gpu->chip = chip_find(gpu->boot_0);
    if (gpu->boot_0 == UINT32_MAX) {
        return fail(NACRE_ERR_GONE, "GPU does not answer");
    }
    if (gpu->chip == NULL) {
        return fail(NACRE_ERR_NOT_SUPPORTED, "Chip is unknown: NV_PMC_BOOT_0=0x%x", gpu->boot_0);
    }
    if (rd32(p, NV_PMC_BOOT_1) & NV_PMC_BOOT_1_VGPU) {
        return fail(NACRE_ERR_NOT_SUPPORTED, "Function is a virtual one");
    }
    return 0;
}

static int check_registers(const struct nacre_platform *p) {
    uint64_t bytes = p->region_bytes(p->context, REGION_REGISTERS);
    return bytes < BAR0_BYTES ? fail(NACRE_ERR_NOT_SUPPORTED, "BAR 0 is too small: bytes=%llu needed=%u",
                                     (unsigned long long)bytes, BAR0_BYTES)
                              : 0;
}

static void enable_function(const struct nacre_platform *p) {
    uint32_t command = p->read32(p->context, REGION_CONFIG, PCI_COMMAND) & 0xffff;
    p->write32(p->context, REGION_CONFIG, PCI_COMMAND, command | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

/* Waits until the board's own firmware has done its part. */
static int await_gfw(const struct nacre_platform *p) {
    int error = poll32(p, NV_PGC6_GROUP_05_PRIV_LEVEL_MASK, NV_PGC6_GROUP_05_PRIV_LEVEL_MASK_READ,
                       NV_PGC6_GROUP_05_PRIV_LEVEL_MASK_READ, GFW_MS, "Board's firmware does not start");
    return error < 0 ? error
                     : poll32(p, NV_PGC6_GFW_BOOT, NV_PGC6_GFW_BOOT_PROGRESS, NV_PGC6_GFW_BOOT_PROGRESS, GFW_MS,
                              "Board's firmware does not end");
}

/* Leaves no firmware of another driver's running. */
static int make_pristine(struct gpu *gpu) {
    const struct nacre_platform *p = gpu->platform;
    enable_function(p);
    int error = check_registers(p);
    if (error < 0 || (error = identify(gpu)) < 0) {
        return error;
    }
    if (wpr2_is_up(p)) {
        platform_log(p, LOG_INFO, "GPU is reset: another driver has left firmware on it");
        p->reset(p->context);
        enable_function(p);
    }
    error = await_gfw(p);
    return error >= 0 && wpr2_is_up(p) ? fail(NACRE_ERR_IO, "Protected memory is up, also after a reset") : error;
}

static int prepare(struct gpu *gpu) {
    const struct nacre_platform *p = gpu->platform;
    struct fb_request request = {0};
    int error = firmware_load(p, gpu->chip, &gpu->firmware);
    if (error < 0 || (error = vbios_read(p, &gpu->fwsec)) < 0 ||
        (error = fb_layout_probe(p, &request.fb_bytes, &request.vga_offset)) < 0) {
        return error;
    }
    sriov_read(gpu);
    gpu->is_vgpu = gpu->wants_vgpu && gpu->chip->shares && gpu->sriov.total_vfs > 0;
    request.boot_bytes = gpu->firmware.bootloader.image.bytes;
    request.image_bytes = gpu->firmware.gsp_image.bytes;
    request.abi = gpu->firmware.abi;
    request.vfs = gpu->is_vgpu ? gpu->sriov.total_vfs : 0;
    error = fb_layout_make(&request, &gpu->layout);
    return error < 0 ? error : boot_arguments_create(gpu);
}

static void set_flush_page(const struct gpu *gpu) {
    wr32(gpu->platform, NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI, (uint32_t)(gpu->flush_page.iova >> 40));
    wr32(gpu->platform, NV_PFB_NISO_FLUSH_SYSMEM_ADDR, (uint32_t)(gpu->flush_page.iova >> 8));
}

/* Starts the firmware by a booter with the address of a description, and waits until it is there. */
static int start_firmware(struct gpu *gpu, uint64_t description) {
    const struct nacre_platform *p = gpu->platform;
    int error = falcon_reset_to_riscv(p, NV_PGSP);
    if (error < 0) {
        return error;
    }
    falcon_mailboxes(p, NV_PGSP, gpu->libos.iova);
    error = booter_run(p, &gpu->firmware.booter_load, &gpu->firmware.booter_load_signatures, gpu->boot_0, description);
    if (error < 0) {
        return error;
    }
    wr32(p, NV_PGSP + NV_PFALCON_FALCON_OS, gpu->firmware.bootloader.app_version);
    error = poll32(p, NV_PGSP + NV_PRISCV_RISCV_CPUCTL, NV_PRISCV_RISCV_CPUCTL_ACTIVE, NV_PRISCV_RISCV_CPUCTL_ACTIVE,
                   RISCV_MS, "GSP does not run");
    return error < 0 ? error : rpc_await_init_done(&gpu->rpc, INIT_DONE_MS);
}

static int start(struct gpu *gpu) {
    int error = fwsec_run_frts(gpu->platform, &gpu->fwsec, gpu->boot_0, gpu->layout.frts.offset,
                               gpu->layout.frts.bytes);
    if (error < 0 || (error = system_info_send(gpu)) < 0) {
        return error;
    }
    return start_firmware(gpu, gpu->wpr_meta.iova);
}

int gpu_start_again(struct gpu *gpu) {
    enable_function(gpu->platform);
    vram_forget_window(&gpu->vram);
    int error = await_gfw(gpu->platform);
    if (error < 0) {
        return error;
    }
    set_flush_page(gpu);
    rpc_expect_restart(&gpu->rpc);
    boot_arguments_for_resume(gpu);
    return start_firmware(gpu, gpu->sleep.meta.iova);
}

static int run_sequencer(void *context, const uint8_t *payload, uint32_t bytes) {
    const struct gpu *gpu = context;
    struct sequencer_arguments arguments = {gpu->platform, gpu->libos.iova, gpu->firmware.bootloader.app_version};
    return sequencer_run(&arguments, payload, bytes);
}

static int boot(struct gpu *gpu, const struct gpu_listener *listener) {
    const struct nacre_platform *p = gpu->platform;
    struct rpc_listener messages = {
        .context = listener->context,
        .channel_failed = listener->channel_failed,
        .plugin_triggered = listener->plugin_triggered,
        .samples = listener->samples,
        .run_sequencer = run_sequencer,
        .sequencer_context = gpu,
    };
    int error = make_pristine(gpu);
    if (error < 0 || (error = rpc_create(&gpu->rpc, p, &messages)) < 0 || (error = prepare(gpu)) < 0) {
        return error;
    }
    rm_init(&gpu->rm, &gpu->rpc, gpu->firmware.abi);
    set_flush_page(gpu);
    error = start(gpu);
    if (error < 0 || (error = board_read(&gpu->rm, gpu->layout.fb_bytes, &gpu->board)) < 0) {
        return error;
    }
    gpu->is_vgpu = gpu->is_vgpu && gpu->board.max_gfid > 0;
    struct interrupt_listener interrupts = {listener->context, listener->non_stall};
    return interrupts_start(&gpu->interrupts, p, &gpu->rpc, &gpu->board, &interrupts);
}

int gpu_end_firmware(struct gpu *gpu, bool to_suspend) {
    const struct nacre_platform *p = gpu->platform;
    uint8_t message[RPC_UNLOADING_BYTES] = {0};
    message[RPC_UNLOADING_IN_PM_TRANSITION] = to_suspend;
    put32(message + RPC_UNLOADING_NEW_LEVEL, to_suspend ? GPU_POWER_LEVEL_3 : 0);
    int error = rpc_call(&gpu->rpc, RPC_UNLOADING_GUEST_DRIVER, message, sizeof message, NULL);
    if (error >= 0) {
        error = poll32(p, NV_PGSP + NV_PFALCON_FALCON_MAILBOX0, UINT32_MAX, MAILBOX_UNLOADED, UNLOAD_MS,
                       "Firmware does not end");
    }
    if (platform_gone(p) || (error < 0 && to_suspend)) {
        return error;
    }
    /* What follows is done also if the firmware did not answer: it takes the protected region down. */
    int step = fwsec_run_sb(p, &gpu->fwsec, gpu->boot_0);
    if (step >= 0 && wpr2_is_up(p)) {
        step = booter_run(p, &gpu->firmware.booter_unload, &gpu->firmware.booter_unload_signatures, gpu->boot_0,
                          to_suspend ? gpu->sleep.meta.iova : BOOTER_UNLOAD);
    }
    if (step >= 0 && wpr2_is_up(p)) {
        step = fail(NACRE_ERR_IO, "Protected memory is still up");
    }
    return error < 0 ? error : step;
}

static void release(struct gpu *gpu) {
    gpu_sleep_free(gpu);
    rm_destroy(&gpu->rm);
    rpc_destroy(&gpu->rpc);
    boot_arguments_destroy(gpu);
    fwsec_free(&gpu->fwsec);
    vram_destroy(&gpu->vram);
}

int gpu_boot(struct gpu *gpu, const struct nacre_platform *platform, const struct nacre_core_config *config,
             const struct gpu_listener *listener) {
    *gpu = (struct gpu){
        .platform = platform, .wants_vgpu = config->vgpu != 0, .scheduling = scheduling_registry(config)};
    vram_init(&gpu->vram, platform);
    int error = boot(gpu, listener);
    if (error < 0) {
        interrupts_stop(&gpu->interrupts);
        /* The reset comes before the memory goes: whatever runs on the GPU must not use it any more. */
        platform->reset(platform->context);
        release(gpu);
    }
    return error;
}

void gpu_shut_down(struct gpu *gpu) {
    const struct nacre_platform *p = gpu->platform;
    interrupts_stop(&gpu->interrupts);
    /* While the GPU is asleep, nothing is up. */
    if (!platform_gone(p) && wpr2_is_up(p)) {
        int error = gpu_end_firmware(gpu, false);
        if (error < 0) {
            char reason[160];
            error_last(reason, sizeof reason);
            platform_log(p, LOG_WARNING, "Firmware was not unloaded: %s", reason);
        }
    }
    if (!platform_gone(p)) {
        p->reset(p->context);
    }
    release(gpu);
}
