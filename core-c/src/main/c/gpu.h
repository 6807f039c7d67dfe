/* SPDX-License-Identifier: Apache-2.0 */
/* A GPU whose firmware runs. */
#ifndef NACRE_GPU_H
#define NACRE_GPU_H

#include "board.h"
#include "booter.h"
#include "fb_layout.h"
#include "interrupts.h"
#include "radix3.h"
#include "vram.h"

#define GSP_LOGS 3u

/* The capability by which a function has virtual ones. */
struct sriov {
    uint32_t total_vfs; /* 0 without it */
    uint32_t first_offset;
    uint64_t bars[3];
    bool is_64[3];
};

/* What is kept of the GPU's memory while the host sleeps: a list of pieces. */
struct saved_piece;

/* What a suspend needs until the resume. */
struct sleep {
    struct dma_memory meta;      /* GspFwSRMeta */
    struct radix3 firmware;      /* the protected region's content */
    struct dma_memory reserved;  /* what the firmware keeps beside it */
    struct saved_piece *pieces;
};

struct gpu {
    const struct nacre_platform *platform;
    const struct chip *chip;
    uint32_t boot_0;
    bool wants_vgpu;
    uint32_t scheduling; /* of virtual GPUs: RmPVMRL */
    bool is_vgpu;
    struct sriov sriov;
    struct firmware firmware;
    struct fwsec fwsec;
    struct fb_layout layout;
    /* Memory of the host. */
    struct radix3 image;
    struct dma_memory signature;
    struct dma_memory bootloader;
    struct dma_memory wpr_meta;
    struct dma_memory libos;
    struct dma_memory logs[GSP_LOGS];
    struct dma_memory rm_args;
    struct dma_memory flush_page;
    struct sleep sleep;
    struct vram vram;
    struct rpc rpc;
    struct rm rm;
    struct board board;
    struct interrupts interrupts;
};

/* A part of the GPU's memory that is to be kept. */
struct keep {
    uint64_t offset;
    uint64_t bytes;
};

struct gpu_listener {
    void *context;
    void (*channel_failed)(void *context, uint32_t channel_id);
    void (*non_stall)(void *context, uint32_t vector);
    void (*plugin_triggered)(void *context, uint32_t gfid, uint32_t index);
    void (*samples)(void *context, const uint8_t *payload, uint32_t bytes);
};

/* boot.c: boots the GPU from whatever state it is in; on failure it is as after a reset, and nothing is left to
 * free. */
int gpu_boot(struct gpu *gpu, const struct nacre_platform *platform, const struct nacre_core_config *config,
             const struct gpu_listener *listener);
/* Unloads the firmware, resets the GPU, and frees everything. Also if the GPU has gone. */
void gpu_shut_down(struct gpu *gpu);
/* Starts the firmware again after a suspend. */
int gpu_start_again(struct gpu *gpu);
/* Ends the firmware: for good, or with what is needed to go on kept in memory of the host. */
int gpu_end_firmware(struct gpu *gpu, bool to_suspend);

/* boot_arguments.c: what the firmware is handed. */
int boot_arguments_create(struct gpu *gpu);
void boot_arguments_destroy(struct gpu *gpu);
void boot_arguments_for_resume(struct gpu *gpu);
/* system_info.c: what the firmware is told of the host, ahead of its start. */
int system_info_send(struct gpu *gpu);
void sriov_read(struct gpu *gpu);
/* The registry's number for how engines' time is divided. */
uint32_t scheduling_registry(const struct nacre_core_config *config);

/* suspend.c: saves the state of the GPU, the parts of its memory that are given included, and stops its firmware. */
int gpu_suspend(struct gpu *gpu, const struct keep *parts, uint32_t count);
int gpu_resume(struct gpu *gpu);
void gpu_sleep_free(struct gpu *gpu);

/* tlb.c: has the GPU forget translations of an address space, of BAR 1's as well if it is that. */
int tlb_invalidate(const struct nacre_platform *platform, uint64_t page_directory, bool is_bar);

/* The name of a log. */
const char *gsp_log_name(uint32_t index);

#endif
