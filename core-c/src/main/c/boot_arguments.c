/* SPDX-License-Identifier: Apache-2.0 */
#include "gpu.h"

#include "error.h"
#include "rm.h"

/* HW: nouveau nvkm/subdev/gsp/rm/r535/gsp.c: r535_gsp_libos_init */
#define LOG_BYTES 0x10000u

static const struct {
    const char *libos;
    const char *name;
} LOGS[GSP_LOGS] = {{"LOGINIT", "init"}, {"LOGINTR", "intr"}, {"LOGRM", "rm"}};

const char *gsp_log_name(uint32_t index) {
    return LOGS[index].name;
}

/* A name, packed into a number with its first letter highest. */
static uint64_t libos_id(const char *name) {
    uint64_t id = 0;
    while (*name != 0) {
        id = id << 8 | (uint8_t)*name++;
    }
    return id;
}

static void libos_argument(struct gpu *gpu, uint32_t index, const char *name, const struct dma_memory *memory) {
    uint8_t *argument = gpu->libos.cpu + index * LIBOS_ARGUMENT_BYTES;
    put64(argument + LIBOS_ID, libos_id(name));
    put64(argument + LIBOS_ADDRESS, memory->iova);
    put64(argument + LIBOS_SIZE, memory->bytes);
    argument[LIBOS_KIND] = LIBOS_KIND_CONTIGUOUS;
    argument[LIBOS_LOCATION] = LIBOS_LOCATION_SYSMEM;
}

/* A log begins with a position and the list of its own pages. */
static int create_log(struct gpu *gpu, uint32_t index) {
    struct dma_memory *log = &gpu->logs[index];
    int error = dma_alloc(gpu->platform, log, LOG_BYTES);
    if (error < 0) {
        return error;
    }
    for (uint32_t i = 0; i < LOG_BYTES / PAGE_BYTES; i++) {
        put64(log->cpu + 8 + 8 * i, log->iova + (uint64_t)i * PAGE_BYTES);
    }
    libos_argument(gpu, index, LOGS[index].libos, log);
    return 0;
}

static void fill_rm_args(struct gpu *gpu) {
    uint8_t *args = gpu->rm_args.cpu;
    const struct gsp_abi *abi = gpu->firmware.abi;
    put64(args + RM_ARGS_SHARED_MEM, gpu->rpc.queue.shared.iova);
    put32(args + RM_ARGS_PAGES, SHARED_PAGES);
    put64(args + RM_ARGS_CMD_QUEUE, SHARED_COMMAND);
    put64(args + RM_ARGS_STAT_QUEUE, SHARED_STATUS);
    if (abi->rm_args_dmem_stack >= 0) {
        args[abi->rm_args_dmem_stack] = 1;
    }
}

void boot_arguments_for_resume(struct gpu *gpu) {
    uint8_t *resume = gpu->rm_args.cpu + gpu->firmware.abi->rm_args_sr;
    put32(resume, GPU_POWER_LEVEL_3);
    put32(resume + 4, RM_ARGS_SR_FLAGS_RESUME);
    resume[8] = 1;
}

/* Copies of the firmware where the GPU reaches them, and their addresses. */
static int copy_firmware(struct gpu *gpu) {
    const struct nacre_platform *p = gpu->platform;
    const struct firmware *firmware = &gpu->firmware;
    int error = radix3_create(p, firmware->gsp_image.bytes, &gpu->image);
    if (error < 0 || (error = dma_alloc(p, &gpu->signature, firmware->gsp_signature.bytes)) < 0 ||
        (error = dma_alloc(p, &gpu->bootloader, firmware->bootloader.image.bytes)) < 0 ||
        (error = dma_alloc(p, &gpu->wpr_meta, WPR_META_BYTES)) < 0) {
        return error;
    }
    memcpy(gpu->image.memory.cpu, firmware->gsp_image.data, firmware->gsp_image.bytes);
    memcpy(gpu->signature.cpu, firmware->gsp_signature.data, firmware->gsp_signature.bytes);
    memcpy(gpu->bootloader.cpu, firmware->bootloader.image.data, firmware->bootloader.image.bytes);
    uint8_t *meta = gpu->wpr_meta.cpu;
    fb_layout_describe(&gpu->layout, meta);
    put64(meta + WPR_META_RADIX3, gpu->image.levels.iova);
    put64(meta + WPR_META_RADIX3_SIZE, firmware->gsp_image.bytes);
    put64(meta + WPR_META_BOOTLOADER, gpu->bootloader.iova);
    put64(meta + WPR_META_BOOTLOADER_SIZE, firmware->bootloader.image.bytes);
    put64(meta + WPR_META_BOOTLOADER_CODE, firmware->bootloader.code_offset);
    put64(meta + WPR_META_BOOTLOADER_DATA, firmware->bootloader.data_offset);
    put64(meta + WPR_META_BOOTLOADER_MANIFEST, firmware->bootloader.manifest_offset);
    put64(meta + WPR_META_SIGNATURE, gpu->signature.iova);
    put64(meta + WPR_META_SIGNATURE_SIZE, firmware->gsp_signature.bytes);
    return 0;
}

int boot_arguments_create(struct gpu *gpu) {
    const struct nacre_platform *p = gpu->platform;
    int error = copy_firmware(gpu);
    if (error < 0 || (error = dma_alloc(p, &gpu->libos, PAGE_BYTES)) < 0 ||
        (error = dma_alloc(p, &gpu->rm_args, PAGE_BYTES)) < 0 ||
        (error = dma_alloc(p, &gpu->flush_page, PAGE_BYTES)) < 0) {
        return error;
    }
    for (uint32_t i = 0; i < GSP_LOGS && error >= 0; i++) {
        error = create_log(gpu, i);
    }
    if (error >= 0) {
        fill_rm_args(gpu);
        libos_argument(gpu, GSP_LOGS, "RMARGS", &gpu->rm_args);
    }
    return error;
}

void boot_arguments_destroy(struct gpu *gpu) {
    const struct nacre_platform *p = gpu->platform;
    radix3_destroy(p, &gpu->image);
    struct dma_memory *all[] = {&gpu->signature, &gpu->bootloader, &gpu->wpr_meta,
                                &gpu->libos,     &gpu->rm_args,    &gpu->flush_page};
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
        dma_free(p, all[i]);
    }
    for (uint32_t i = 0; i < GSP_LOGS; i++) {
        dma_free(p, &gpu->logs[i]);
    }
}
