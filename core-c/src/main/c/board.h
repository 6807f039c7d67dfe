/* SPDX-License-Identifier: Apache-2.0 */
/* What the firmware tells of the GPU at its start. It never changes. */
#ifndef NACRE_BOARD_H
#define NACRE_BOARD_H

#include "rm_session.h"

#define BOARD_ENGINES 64u
#define NO_VECTOR UINT32_MAX

/* An engine, and how channels reach it. */
struct board_engine {
    struct nacre_engine engine;
    int32_t runlist;     /* -1 if the host engine does not drive it */
    uint32_t non_stall;  /* its vector, or NO_VECTOR */
};

struct board {
    char name[64];
    char uuid[48];
    uint64_t fb_bytes;
    struct nacre_fb_region fb_regions[NACRE_MAX_FB_REGIONS];
    uint32_t fb_region_count;
    uint64_t bar1_page_directory;
    uint32_t max_gfid;
    struct rm_session internal; /* the firmware's own client */
    uint64_t vmmu_segment_bytes;
    bool ecc;
    uint32_t channels;
    uint32_t gpcs;
    uint32_t tpcs;
    uint32_t method_buffer_bytes;
    struct board_engine engines[BOARD_ENGINES];
    uint32_t engine_count;
    uint32_t gsp_vector;
};

/* Asks the firmware for everything. fb_bytes is what the hardware told. */
int board_read(struct rm *rm, uint64_t fb_bytes, struct board *board);

/* Parts of it, for replies that are there. */
int static_info_parse(const struct gsp_abi *abi, const uint8_t *info, uint64_t fb_bytes, struct board *board);
int device_table_parse(const struct gsp_abi *abi, const uint8_t *table, struct board *board);
int interrupt_table_parse(const struct gsp_abi *abi, const uint8_t *table, struct board *board);

#endif
