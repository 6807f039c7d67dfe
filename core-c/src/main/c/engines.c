/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of engines and of their interrupts, as the firmware tells them. */
#include "board.h"

#include "error.h"
#include "regs.h"
#include "rm.h"

/* RM_ENGINE_TYPE: what comes before the video encoders is the same in all releases.
 * HW: open-gpu-kernel-modules src/nvidia/inc/kernel/gpu/gpu_engine_type.h */
#define RM_GRAPHICS0 0x01u
#define RM_GRAPHICS 8u
#define RM_COPY0 0x09u
#define RM_COPIES 20u
#define RM_COPIES_OLD 10u /* whose NV2080 types follow each other */
#define RM_NVDEC0 0x1du
#define RM_NVDECS 8u
#define RM_NVENC0 0x25u
#define RM_VP_TO_MPEG 4u /* four old ones before the software engine */
#define RM_SW_TO_SEC2 4u /* TSEC, VIC, MP, SEC2 */
#define RM_SEC2_TO_NVJPEG0 5u
#define RM_NVJPEGS 8u

/* A run of RM_ENGINE_TYPE numbers, and what they are. */
struct engine_run {
    uint32_t first;
    uint32_t count;
    uint32_t type;
    uint32_t bit;
};

static bool find_engine(const struct gsp_abi *abi, uint32_t rm_type, struct nacre_engine *engine) {
    uint32_t sw = RM_NVENC0 + abi->rm_nvencs + RM_VP_TO_MPEG;
    uint32_t sec2 = sw + RM_SW_TO_SEC2;
    uint32_t jpeg = sec2 + RM_SEC2_TO_NVJPEG0;
    const struct engine_run runs[] = {
        {RM_GRAPHICS0, RM_GRAPHICS, NACRE_ENGINE_GRAPHICS, ENGINE_TYPE_GRAPHICS0},
        {RM_COPY0, RM_COPIES_OLD, NACRE_ENGINE_COPY, ENGINE_TYPE_COPY0},
        {RM_COPY0 + RM_COPIES_OLD, RM_COPIES - RM_COPIES_OLD, NACRE_ENGINE_COPY, ENGINE_TYPE_COPY10},
        {RM_NVDEC0, RM_NVDECS, NACRE_ENGINE_VIDEO_DECODE, ENGINE_TYPE_NVDEC0},
        {RM_NVENC0, 3, NACRE_ENGINE_VIDEO_ENCODE, ENGINE_TYPE_NVENC0},
        {sw, 1, NACRE_ENGINE_SOFTWARE, ENGINE_TYPE_SW},
        {sec2, 1, NACRE_ENGINE_SEC2, ENGINE_TYPE_SEC2},
        {jpeg, RM_NVJPEGS, NACRE_ENGINE_JPEG, ENGINE_TYPE_NVJPEG0},
        {jpeg + RM_NVJPEGS, 1, NACRE_ENGINE_OPTICAL_FLOW, ENGINE_TYPE_OFA0},
    };
    for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
        uint32_t at = rm_type - runs[i].first;
        if (at < runs[i].count) {
            uint32_t before = runs[i].first == RM_COPY0 + RM_COPIES_OLD ? RM_COPIES_OLD : 0;
            *engine = (struct nacre_engine){.type = runs[i].type, .instance = before + at, .bit = runs[i].bit + at};
            return true;
        }
    }
    return false;
}

/* Puts an engine in its place; one that is there already is left as it is. */
static void insert(struct board *board, const struct board_engine *engine) {
    uint32_t at = board->engine_count;
    for (uint32_t i = 0; i < board->engine_count; i++) {
        if (board->engines[i].engine.bit == engine->engine.bit) {
            return;
        }
        if (board->engines[i].engine.bit > engine->engine.bit && i < at) {
            at = i;
        }
    }
    if (board->engine_count < BOARD_ENGINES) {
        memmove(&board->engines[at + 1], &board->engines[at], (board->engine_count - at) * sizeof *engine);
        board->engines[at] = *engine;
        board->engine_count++;
    }
}

int device_table_parse(const struct gsp_abi *abi, const uint8_t *table, struct board *board) {
    uint32_t count = get32(table + DEVICE_INFO_COUNT);
    if (count > DEVICE_INFO_ROWS) {
        return fail(NACRE_ERR_IO, "Firmware tells of too many engines: rows=%u", count);
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *row = table + DEVICE_INFO_FIRST + i * DEVICE_INFO_ROW_BYTES;
        uint32_t runlist = get32(row + DEVICE_INFO_RUNLIST);
        bool is_driven = get32(row + DEVICE_INFO_HOST_DRIVEN) != 0 && runlist < 128;
        struct board_engine engine = {.runlist = is_driven ? (int32_t)runlist : -1, .non_stall = NO_VECTOR};
        if (find_engine(abi, get32(row + DEVICE_INFO_RM_ENGINE_TYPE), &engine.engine)) {
            /* The table gives software's engine the runlist of another, though the host does not drive it. */
            engine.runlist = engine.engine.type == NACRE_ENGINE_SOFTWARE ? -1 : engine.runlist;
            insert(board, &engine);
        }
    }
    return board->engine_count == 0 ? fail(NACRE_ERR_IO, "Firmware tells of no engines") : 0;
}

static void set_non_stall(struct board *board, uint32_t type, uint32_t instance, uint32_t vector) {
    for (uint32_t i = 0; i < board->engine_count; i++) {
        struct board_engine *engine = &board->engines[i];
        if (engine->engine.type == type && engine->engine.instance == instance) {
            engine->non_stall = vector;
        }
    }
}

int interrupt_table_parse(const struct gsp_abi *abi, const uint8_t *table, struct board *board) {
    uint32_t count = get32(table);
    board->gsp_vector = NO_VECTOR;
    if (count > INTR_TABLE_ROWS) {
        return fail(NACRE_ERR_IO, "Firmware tells of too many interrupts: rows=%u", count);
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *row = table + INTR_TABLE_FIRST + i * INTR_TABLE_ROW_BYTES;
        uint32_t engine = get16(row + INTR_TABLE_ENGINE);
        uint32_t stall = get32(row + INTR_TABLE_STALL);
        uint32_t non_stall = get32(row + INTR_TABLE_NON_STALL);
        non_stall = non_stall < INTR_VECTORS ? non_stall : NO_VECTOR;
        if (engine == abi->mc_gsp && stall < INTR_VECTORS) {
            board->gsp_vector = stall;
        } else if (engine == abi->mc_gr0) {
            set_non_stall(board, NACRE_ENGINE_GRAPHICS, 0, non_stall);
        } else if (engine - MC_ENGINE_IDX_CE0 < MC_ENGINE_IDX_CES) {
            set_non_stall(board, NACRE_ENGINE_COPY, engine - MC_ENGINE_IDX_CE0, non_stall);
        }
    }
    return board->gsp_vector == NO_VECTOR ? fail(NACRE_ERR_IO, "Firmware tells of no interrupt of the GSP") : 0;
}
