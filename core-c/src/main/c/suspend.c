/* SPDX-License-Identifier: Apache-2.0 */
#include "gpu.h"

#include "error.h"
#include "rm.h"

#include <stdlib.h>

#define PIECE_BYTES KIB(64)

/* HW: handle of the memory in which the firmware saves its own: free choice, as nouveau's */
#define SYSTEM_MEMORY_HANDLE 0xcaf00003u
#define VIDEO_MEMORY_HANDLE 0xcaf00004u

/* NV2080_CTRL_INTERNAL_FBSR_INIT_PARAMS. HW: ctrl2080internal.h, release 570 */
#define FBSR_INIT_BYTES 24
#define FBSR_INIT_CLIENT 0
#define FBSR_INIT_MEMORY 4
#define FBSR_INIT_META 16
/* The same and NV2080_CTRL_INTERNAL_FBSR_SEND_REGION_INFO_PARAMS, release 535; FBSR_TYPE_DMA */
#define OLD_FBSR_TYPE_DMA 4u
#define OLD_FBSR_INIT_BYTES 32
#define OLD_FBSR_INIT_REGIONS 4
#define OLD_FBSR_INIT_CLIENT 8
#define OLD_FBSR_INIT_MEMORY 12
#define OLD_FBSR_INIT_OWN_OFFSET 16
#define OLD_FBSR_REGION_BYTES 40
#define OLD_FBSR_REGION_CLIENT 4
#define OLD_FBSR_REGION_MEMORY 8
#define OLD_FBSR_REGION_SIZE 32

struct saved_piece {
    struct saved_piece *next;
    uint64_t offset;
    uint64_t bytes;
    bool is_zero; /* then there are no data */
    uint8_t data[];
};

static bool is_zero(const uint8_t *bytes, uint64_t count) {
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0;
}

/* Saves a part of the GPU's memory. What is zero is noted without its content. */
static int save_part(struct gpu *gpu, const struct keep *part) {
    for (uint64_t at = 0; at < part->bytes; at += PIECE_BYTES) {
        uint64_t bytes = part->bytes - at < PIECE_BYTES ? part->bytes - at : PIECE_BYTES;
        struct saved_piece *piece = malloc(sizeof *piece + bytes);
        if (piece == NULL) {
            return fail(NACRE_ERR_NO_MEMORY, "No memory to save the GPU's in");
        }
        int error = vram_read(&gpu->vram, part->offset + at, piece->data, bytes);
        if (error < 0) {
            free(piece);
            return error;
        }
        piece->bytes = bytes;
        piece->is_zero = is_zero(piece->data, bytes);
        if (piece->is_zero) {
            struct saved_piece *small = realloc(piece, sizeof *piece);
            piece = small == NULL ? piece : small;
        }
        piece->offset = part->offset + at;
        piece->next = gpu->sleep.pieces;
        gpu->sleep.pieces = piece;
    }
    return 0;
}

static int restore_pieces(struct gpu *gpu, const struct saved_piece *piece) {
    static const uint8_t zeros[PIECE_BYTES];
    int error = 0;
    for (; piece != NULL && error >= 0; piece = piece->next) {
        error = vram_write(&gpu->vram, piece->offset, piece->is_zero ? zeros : piece->data, piece->bytes);
    }
    return error;
}

void gpu_sleep_free(struct gpu *gpu) {
    struct sleep *sleep = &gpu->sleep;
    while (sleep->pieces != NULL) {
        struct saved_piece *next = sleep->pieces->next;
        free(sleep->pieces);
        sleep->pieces = next;
    }
    radix3_destroy(gpu->platform, &sleep->firmware);
    dma_free(gpu->platform, &sleep->reserved);
    dma_free(gpu->platform, &sleep->meta);
}

/* What the firmware keeps outside of the protected region. */
static uint64_t reserved_bytes(const struct gpu *gpu) {
    const struct nacre_fb_region *last = &gpu->board.fb_regions[gpu->board.fb_region_count - 1];
    uint64_t end = last->offset + last->bytes;
    uint64_t start = gpu->layout.non_wpr.offset;
    return gpu->layout.non_wpr.bytes + gpu->layout.vga.bytes + (start > end ? start - end : 0);
}

static int prepare_memory(struct gpu *gpu) {
    struct sleep *sleep = &gpu->sleep;
    uint64_t protected = gpu->layout.wpr_end - gpu->layout.wpr.offset;
    int error = radix3_create(gpu->platform, protected, &sleep->firmware);
    if (error < 0 || (error = dma_alloc(gpu->platform, &sleep->reserved, reserved_bytes(gpu))) < 0 ||
        (error = dma_alloc(gpu->platform, &sleep->meta, SR_META_BYTES)) < 0) {
        return error;
    }
    put64(sleep->meta.cpu, SR_META_MAGIC);
    put64(sleep->meta.cpu + 8, SR_META_REVISION);
    put64(sleep->meta.cpu + SR_META_DATA, sleep->firmware.levels.iova);
    put64(sleep->meta.cpu + SR_META_DATA_SIZE, protected);
    return 0;
}

/* Describes memory to the firmware by the list of its pages. */
static int list_memory(struct gpu *gpu, uint32_t handle, bool is_video, uint64_t address, uint64_t bytes) {
    uint64_t pages = bytes / PAGE_BYTES;
    uint64_t message_bytes = RPC_ALLOC_MEMORY_PAGES + 8 * pages;
    uint8_t *message = calloc(1, message_bytes);
    if (message == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a message");
    }
    put32(message + RPC_ALLOC_MEMORY_CLIENT, gpu->board.internal.client);
    put32(message + RPC_ALLOC_MEMORY_DEVICE, gpu->board.internal.device);
    put32(message + RPC_ALLOC_MEMORY_OBJECT, handle);
    put32(message + RPC_ALLOC_MEMORY_CLASS, is_video ? NV01_MEMORY_LIST_FBMEM : NV01_MEMORY_LIST_SYSTEM);
    put32(message + RPC_ALLOC_MEMORY_FLAGS,
          NVOS02_FLAGS_NO_MAP | (is_video ? NVOS02_FLAGS_LOCATION_VIDMEM : NVOS02_FLAGS_NONCONTIGUOUS));
    put32(message + RPC_ALLOC_MEMORY_FORMAT, is_video ? NV_MMU_PTE_KIND_GENERIC_MEMORY : 0);
    put64(message + RPC_ALLOC_MEMORY_LENGTH, bytes);
    put32(message + RPC_ALLOC_MEMORY_PAGE_COUNT, (uint32_t)pages);
    put32(message + RPC_ALLOC_MEMORY_PTE_DESC, (uint32_t)(pages << 16));
    for (uint64_t i = 0; i < pages; i++) {
        put64(message + RPC_ALLOC_MEMORY_PAGES + 8 * i, address / PAGE_BYTES + i);
    }
    int error = rpc_call(&gpu->rpc, RPC_ALLOC_MEMORY, message, message_bytes, NULL);
    free(message);
    return error;
}

static int internal_control(struct gpu *gpu, uint32_t command, void *params, uint32_t bytes) {
    return rm_control(&gpu->rm, gpu->board.internal.client, gpu->board.internal.subdevice, command, params, bytes);
}

static int send_old_region(struct gpu *gpu) {
    uint8_t region[OLD_FBSR_REGION_BYTES] = {0};
    int error = list_memory(gpu, VIDEO_MEMORY_HANDLE, true, gpu->layout.non_wpr.offset, gpu->layout.non_wpr.bytes);
    if (error < 0) {
        return error;
    }
    put32(region, OLD_FBSR_TYPE_DMA);
    put32(region + OLD_FBSR_REGION_CLIENT, gpu->board.internal.client);
    put32(region + OLD_FBSR_REGION_MEMORY, VIDEO_MEMORY_HANDLE);
    put64(region + OLD_FBSR_REGION_SIZE, gpu->layout.non_wpr.bytes);
    error = internal_control(gpu, NV2080_CTRL_CMD_INTERNAL_FBSR_SEND_REGION_INFO, region, sizeof region);
    int freed = rm_free(&gpu->rm, gpu->board.internal.client, VIDEO_MEMORY_HANDLE);
    return error < 0 ? error : freed;
}

/* Tells the firmware where to save what it keeps outside of the protected region. */
static int offer_memory(struct gpu *gpu) {
    bool is_new = gpu->firmware.abi->suspends_by_sr_meta;
    uint8_t init[OLD_FBSR_INIT_BYTES] = {0};
    int error = list_memory(gpu, SYSTEM_MEMORY_HANDLE, false, gpu->sleep.reserved.iova, gpu->sleep.reserved.bytes);
    if (error < 0) {
        return error;
    }
    if (is_new) {
        put32(init + FBSR_INIT_CLIENT, gpu->board.internal.client);
        put32(init + FBSR_INIT_MEMORY, SYSTEM_MEMORY_HANDLE);
        put64(init + FBSR_INIT_META, gpu->sleep.meta.iova);
    } else {
        put32(init, OLD_FBSR_TYPE_DMA);
        put32(init + OLD_FBSR_INIT_REGIONS, 1);
        put32(init + OLD_FBSR_INIT_CLIENT, gpu->board.internal.client);
        put32(init + OLD_FBSR_INIT_MEMORY, SYSTEM_MEMORY_HANDLE);
        put64(init + OLD_FBSR_INIT_OWN_OFFSET, gpu->layout.non_wpr.bytes);
    }
    error = internal_control(gpu, NV2080_CTRL_CMD_INTERNAL_FBSR_INIT, init,
                             is_new ? FBSR_INIT_BYTES : OLD_FBSR_INIT_BYTES);
    int freed = rm_free(&gpu->rm, gpu->board.internal.client, SYSTEM_MEMORY_HANDLE);
    if (error >= 0 && !is_new) {
        error = send_old_region(gpu);
    }
    return error < 0 ? error : freed;
}

/* Stops all channels, or lets them run. Before release 570 the firmware does it by itself. */
static int stop_channels(struct gpu *gpu, bool stop) {
    uint8_t params[1] = {stop};
    if (!gpu->firmware.abi->suspends_by_sr_meta) {
        return 0;
    }
    return internal_control(gpu, NV2080_CTRL_CMD_INTERNAL_FIFO_TOGGLE_ACTIVE_CHANNEL_SCHEDULING, params,
                            sizeof params);
}

int gpu_suspend(struct gpu *gpu, const struct keep *parts, uint32_t count) {
    int error = stop_channels(gpu, true);
    if (error < 0) {
        return error;
    }
    error = prepare_memory(gpu);
    for (uint32_t i = 0; i < count && error >= 0; i++) {
        error = save_part(gpu, &parts[i]);
    }
    if (error >= 0) {
        error = offer_memory(gpu);
    }
    if (error < 0) {
        gpu_sleep_free(gpu);
        (void)stop_channels(gpu, false);
        return error;
    }
    interrupts_disable(&gpu->interrupts);
    error = gpu_end_firmware(gpu, true);
    if (error < 0) {
        rpc_break(&gpu->rpc, NACRE_ERR_GONE);
    }
    return error;
}

int gpu_resume(struct gpu *gpu) {
    int error = gpu_start_again(gpu);
    if (error < 0 || (error = restore_pieces(gpu, gpu->sleep.pieces)) < 0) {
        return error;
    }
    error = tlb_invalidate(gpu->platform, gpu->board.bar1_page_directory, true);
    if (error >= 0) {
        error = stop_channels(gpu, false);
    }
    if (error >= 0) {
        interrupts_enable(&gpu->interrupts);
        gpu_sleep_free(gpu);
    }
    return error;
}
