/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include "error.h"
#include "rm.h"
#include "chid_alloc.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME_BYTES 64
#define GPCS_MAX 32u
#define METHOD_BUFFER_MAX MIB(16)
#define VMMU_SEGMENT_LEAST MIB(32)
#define VMMU_SEGMENT_LARGEST MIB(512)

static int impossible(const char *what, uint64_t value) {
    return fail(NACRE_ERR_IO, "Firmware tells what cannot be: %s=0x%llx", what, (unsigned long long)value);
}

static void read_uuid(const uint8_t *gid, char *uuid, size_t bytes) {
    uint8_t id[GID_BYTES] = {0};
    if (get32(gid + GID_LENGTH) == GID_BYTES) {
        memcpy(id, gid + GID_DATA, GID_BYTES);
    }
    snprintf(uuid, bytes, "GPU-%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", id[0], id[1],
             id[2], id[3], id[4], id[5], id[6], id[7], id[8], id[9], id[10], id[11], id[12], id[13], id[14], id[15]);
}

static void read_name(const uint8_t *text, char *name) {
    for (int i = 0; i < NAME_BYTES - 1 && text[i] != 0; i++) {
        name[i] = text[i] >= ' ' && text[i] <= '~' ? (char)text[i] : '?';
    }
}

/* Takes the regions that drivers may use: in order, none of them overlapping another. */
static int read_regions(const uint8_t *regions, uint64_t fb_bytes, struct board *board) {
    uint32_t count = get32(regions);
    uint64_t end = 0;
    if (count > NACRE_MAX_FB_REGIONS) {
        return impossible("regions", count);
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *region = regions + FB_REGIONS_FIRST + i * FB_REGION_BYTES;
        uint64_t base = get64(region);
        uint64_t limit = get64(region + FB_REGION_LIMIT);
        bool is_usable = get64(region + FB_REGION_RESERVED) == 0 && region[FB_REGION_COMPRESSED] &&
                         region[FB_REGION_ISO] && !region[FB_REGION_PROTECTED];
        if (!is_usable) {
            continue;
        }
        if (limit < base || limit >= fb_bytes || base < end) {
            return impossible("limit of a region", limit);
        }
        end = limit + 1;
        uint64_t first = align_up(base, PAGE_BYTES);
        uint64_t last = align_down(end, PAGE_BYTES);
        if (last > first) {
            board->fb_regions[board->fb_region_count++] = (struct nacre_fb_region){first, last - first};
        }
    }
    return board->fb_region_count == 0 ? impossible("usable regions", 0) : 0;
}

static void count_units(const struct gsp_abi *abi, const uint8_t *info, struct board *board) {
    const uint8_t *masks = info + abi->static_gpcs;
    uint32_t gpcs = get32(masks);
    for (uint32_t gpc = 0; gpc < GPCS_MAX; gpc++) {
        if (gpcs >> gpc & 1) {
            board->gpcs++;
            board->tpcs += (uint32_t)__builtin_popcount(get32(masks + 4 + gpc * TPC_INFO_BYTES + TPC_INFO_MASK));
        }
    }
}

int static_info_parse(const struct gsp_abi *abi, const uint8_t *info, uint64_t fb_bytes, struct board *board) {
    board->fb_bytes = fb_bytes;
    read_uuid(info + abi->static_gid, board->uuid, sizeof board->uuid);
    read_name(info + abi->static_name, board->name);
    int error = read_regions(info + abi->static_fb_regions, fb_bytes, board);
    if (error < 0) {
        return error;
    }
    board->max_gfid = get32(info + abi->static_max_gfid);
    board->bar1_page_directory = get64(info + abi->static_bar1_pde);
    if (board->bar1_page_directory % PAGE_BYTES != 0 ||
        !is_inside(board->bar1_page_directory, PAGE_BYTES, fb_bytes)) {
        return impossible("page directory of BAR 1", board->bar1_page_directory);
    }
    const uint8_t *handles = info + abi->static_internal_client;
    board->internal = (struct rm_session){get32(handles), get32(handles + 4), get32(handles + 8)};
    if (abi->static_gpcs >= 0) {
        count_units(abi, info, board);
    }
    return 0;
}

static int ask_static_info(struct rm *rm, uint64_t fb_bytes, struct board *board) {
    uint8_t *info = calloc(1, (size_t)rm->abi->static_info_bytes);
    if (info == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for the static information");
    }
    int error = rpc_call(rm->rpc, RPC_GET_GSP_STATIC_INFO, info, (uint64_t)rm->abi->static_info_bytes, NULL);
    if (error >= 0) {
        error = static_info_parse(rm->abi, info, fb_bytes, board);
    }
    free(info);
    return error;
}

static int internal_control(struct rm *rm, const struct board *board, uint32_t command, void *params, uint32_t bytes) {
    return rm_control(rm, board->internal.client, board->internal.subdevice, command, params, bytes);
}

/* Counts what works of the graphics engine, if the static information has not told it. */
static int ask_units(struct rm *rm, struct board *board) {
    uint8_t gpcs[GPC_INFO_BYTES] = {0};
    int error = rm->abi->static_gpcs >= 0
                    ? 0
                    : internal_control(rm, board, NV2080_CTRL_CMD_GPU_GET_FERMI_GPC_INFO, gpcs, sizeof gpcs);
    for (uint32_t gpc = 0; error >= 0 && gpc < GPCS_MAX; gpc++) {
        if (get32(gpcs) >> gpc & 1) {
            uint8_t tpcs[TPC_INFO_BYTES] = {0};
            put32(tpcs, gpc);
            error = internal_control(rm, board, NV2080_CTRL_CMD_GPU_GET_FERMI_TPC_INFO, tpcs, sizeof tpcs);
            board->gpcs++;
            board->tpcs += (uint32_t)__builtin_popcount(get32(tpcs + TPC_INFO_MASK));
        }
    }
    return error;
}

/* What not all firmware has: without it there is none. */
static int ask_optional(struct rm *rm, struct board *board) {
    uint8_t segment[VMMU_SEGMENT_SIZE_BYTES] = {0};
    int error = internal_control(rm, board, NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE, segment, sizeof segment);
    if (error >= 0) {
        uint64_t bytes = get64(segment);
        bool is_possible = bytes >= VMMU_SEGMENT_LEAST && bytes <= VMMU_SEGMENT_LARGEST && (bytes & (bytes - 1)) == 0;
        board->vmmu_segment_bytes = is_possible ? bytes : 0;
    }
    uint32_t bytes = (uint32_t)rm->abi->ecc_status_bytes;
    uint8_t *ecc = calloc(1, bytes);
    if (ecc == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for the state of ECC");
    }
    error = internal_control(rm, board, NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS, ecc, bytes);
    board->ecc = error >= 0 && ecc[0] != 0;
    free(ecc);
    return rpc_broken(rm->rpc);
}

static int ask_channels(struct rm *rm, struct board *board) {
    uint8_t numbers[NUM_CHANNELS_BYTES] = {0};
    int error = internal_control(rm, board, NV2080_CTRL_CMD_INTERNAL_FIFO_GET_NUM_CHANNELS, numbers, sizeof numbers);
    if (error < 0) {
        return error;
    }
    board->channels = get32(numbers + NUM_CHANNELS_COUNT);
    /* A virtual GPU has few; the first is the firmware's. */
    if (board->channels < 2 || board->channels > CHIDS_MAX) {
        return impossible("channels", board->channels);
    }
    uint8_t size[4] = {0};
    error = internal_control(rm, board, NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE, size, sizeof size);
    board->method_buffer_bytes = get32(size);
    if (error >= 0 && (board->method_buffer_bytes == 0 || board->method_buffer_bytes > METHOD_BUFFER_MAX)) {
        return impossible("buffer for methods", board->method_buffer_bytes);
    }
    return error;
}

/* Asks for a table of a fixed size and has it parsed. */
static int ask_table(struct rm *rm, struct board *board, uint32_t command, uint32_t bytes,
                     int (*parse)(const struct gsp_abi *, const uint8_t *, struct board *)) {
    uint8_t *table = calloc(1, bytes);
    if (table == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a table");
    }
    int error = internal_control(rm, board, command, table, bytes);
    if (error >= 0) {
        error = parse(rm->abi, table, board);
    }
    free(table);
    return error;
}

int board_read(struct rm *rm, uint64_t fb_bytes, struct board *board) {
    int error = ask_static_info(rm, fb_bytes, board);
    if (error < 0 || (error = ask_optional(rm, board)) < 0 || (error = ask_channels(rm, board)) < 0 ||
        (error = ask_units(rm, board)) < 0) {
        return error;
    }
    error = ask_table(rm, board, NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE, DEVICE_INFO_BYTES, device_table_parse);
    if (error < 0) {
        return error;
    }
    return ask_table(rm, board, NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE, INTR_TABLE_BYTES,
                     interrupt_table_parse);
}
