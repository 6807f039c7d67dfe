/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens the core on GPUs that answer nonsense: it has to refuse, in time, and to give back what it took. Run under the
 * sanitizers, which end the program for an access that is out of bounds, and for memory that is left.
 */
#define _GNU_SOURCE 1
#include "nacre_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#define MOST_BUFFERS 256

struct gpu {
    uint64_t state; /* of the generator of nonsense */
    uint32_t boot;  /* what the first register says; 0 for nonsense */
    int constant;   /* whether every other register reads as one value */
    int event;
    void *buffers[MOST_BUFFERS];
    int count;
    int live;
};

static uint32_t nonsense(struct gpu *gpu) {
    gpu->state = gpu->state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(gpu->state >> 32);
}

static uint32_t gpu_read32(void *context, uint32_t region, uint64_t offset) {
    struct gpu *gpu = context;
    if (region == 0 && offset == 0 && gpu->boot != 0) {
        return gpu->boot;
    }
    return gpu->constant ? (uint32_t)gpu->state : nonsense(gpu);
}

static void gpu_write32(void *context, uint32_t region, uint64_t offset, uint32_t value) {
    (void)context, (void)region, (void)offset, (void)value;
}

static int gpu_read(void *context, uint32_t region, uint64_t offset, void *to, uint64_t bytes) {
    (void)region, (void)offset;
    for (uint64_t i = 0; i < bytes; i++) {
        ((uint8_t *)to)[i] = (uint8_t)nonsense(context);
    }
    return 0;
}

static int gpu_write(void *context, uint32_t region, uint64_t offset, const void *from, uint64_t bytes) {
    (void)context, (void)region, (void)offset, (void)from, (void)bytes;
    return 0;
}

static uint64_t gpu_region_bytes(void *context, uint32_t region) {
    (void)context;
    return region == 0 ? 16u << 20 : region == 1 ? 256u << 20 : region == 7 ? 4096 : 0;
}

static int gpu_is_gone(void *context) {
    (void)context;
    return 0;
}

static void gpu_reset(void *context) {
    (void)context;
}

/* The place in the list is the bus address. */
static int gpu_dma_alloc(void *context, uint64_t bytes, void **cpu, uint64_t *iova) {
    struct gpu *gpu = context;
    if (gpu->count == MOST_BUFFERS || bytes == 0 || bytes > 64u << 20) {
        return NACRE_ERR_NO_MEMORY;
    }
    *cpu = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    memset(*cpu, 0, (bytes + 4095) / 4096 * 4096);
    gpu->buffers[gpu->count] = *cpu;
    *iova = (uint64_t)++gpu->count << 32;
    gpu->live++;
    return 0;
}

static void gpu_dma_free(void *context, uint64_t iova) {
    struct gpu *gpu = context;
    free(gpu->buffers[(iova >> 32) - 1]);
    gpu->buffers[(iova >> 32) - 1] = NULL;
    gpu->live--;
}

static int gpu_interrupt_fd(void *context) {
    return ((struct gpu *)context)->event;
}

static int gpu_firmware(void *context, const char *path, const void **data, uint64_t *bytes) {
    static uint8_t file[65536];
    (void)path;
    for (size_t i = 0; i < sizeof file; i++) {
        file[i] = (uint8_t)nonsense(context);
    }
    *data = file;
    *bytes = nonsense(context) % sizeof file;
    return 0;
}

static void gpu_log(void *context, int level, const char *line) {
    (void)context, (void)level, (void)line;
}

static int open_on(struct gpu *gpu) {
    struct nacre_platform platform = {
        .size = sizeof platform,
        .version = NACRE_CORE_VERSION,
        .context = gpu,
        .read32 = gpu_read32,
        .write32 = gpu_write32,
        .read = gpu_read,
        .write = gpu_write,
        .region_bytes = gpu_region_bytes,
        .is_gone = gpu_is_gone,
        .reset = gpu_reset,
        .dma_alloc = gpu_dma_alloc,
        .dma_free = gpu_dma_free,
        .interrupt_fd = gpu_interrupt_fd,
        .firmware = gpu_firmware,
        .log = gpu_log,
    };
    struct nacre_core_config config = {.size = sizeof config, .vgpu = 1, .vgpu_channels = 1536};
    struct nacre_core *core = NULL;
    int result = nacre_core_open(&platform, &config, &core);
    if (result >= 0 || core != NULL) {
        printf("a GPU that answers nonsense was booted\n");
        return 1;
    }
    if (gpu->live != 0) {
        printf("%d buffers are left\n", gpu->live);
        return 1;
    }
    char words[256];
    nacre_core_ops()->last_error(words, sizeof words);
    if (words[0] == 0) {
        printf("nothing is said of result %d\n", result);
        return 1;
    }
    return 0;
}

int main(void) {
    /* HW: NV_PMC_BOOT_0 of AD102 and GA102: nouveau, nvkm/engine/device/base.c */
    static const uint32_t boots[] = {0, 0x192000a1, 0x172000a1, 0xffffffff};
    int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int failures = 0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        for (size_t i = 0; i < sizeof boots / sizeof boots[0]; i++) {
            struct gpu gpu = {.state = seed, .boot = boots[i], .event = event};
            failures += open_on(&gpu);
        }
    }
    for (size_t i = 0; i < sizeof boots / sizeof boots[0]; i++) {
        struct gpu zeros = {.state = 0, .boot = boots[i], .constant = 1, .event = event};
        struct gpu ones = {.state = UINT64_MAX, .boot = boots[i], .constant = 1, .event = event};
        failures += open_on(&zeros) + open_on(&ones);
    }
    return failures == 0 ? 0 : 1;
}
