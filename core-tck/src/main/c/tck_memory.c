/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of channel ids, of the GPU's memory, and of the window to it. */
#include "tck.h"

#include <string.h>

#define MOST_PIECES 4096

static void alloc_chids(struct tck *t) {
    struct nacre_chids *one = NULL;
    struct nacre_chids *other = NULL;
    uint32_t first[2];
    int available = t->ops->get_avail_chids(t->attachment);
    EXPECT(available >= 0);
    if (available < 8) {
        tck_skip(t, "the pool of channel ids is too small");
        return;
    }
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->alloc_chids(t->attachment, 0, &one, &first[0]));
    EXPECT_IS(NACRE_ERR_NO_SPACE, t->ops->alloc_chids(t->attachment, (uint32_t)available + 1, &one, &first[0]));
    EXPECT(t->ops->alloc_chids(t->attachment, UINT32_MAX, &one, &first[0]) < 0);
    EXPECT_IS(0, t->ops->alloc_chids(t->attachment, 3, &one, &first[0]));
    EXPECT_IS(0, t->ops->alloc_chids(t->attachment, 5, &other, &first[1]));
    EXPECT(first[0] + 3 <= first[1] || first[1] + 5 <= first[0]);
    EXPECT_IS(available - 8, t->ops->get_avail_chids(t->attachment));
    EXPECT_IS(0, t->ops->free_chids(one));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->free_chids(one));
    EXPECT_IS(0, t->ops->free_chids(other));
    EXPECT_IS(available, t->ops->get_avail_chids(t->attachment));
}

static void chids_run_out_and_come_back(struct tck *t) {
    struct nacre_chids *pieces[64];
    struct nacre_chids *more = NULL;
    uint32_t first;
    int available = t->ops->get_avail_chids(t->attachment);
    uint32_t piece = (uint32_t)available / 63 + 1;
    for (int round = 0; round < 2; round++) {
        int count = 0;
        while (count < 64 && t->ops->alloc_chids(t->attachment, piece, &pieces[count], &first) == 0) {
            count++;
        }
        EXPECT_IS(NACRE_ERR_NO_SPACE, t->ops->alloc_chids(t->attachment, piece, &more, &first));
        EXPECT(count == available / (int)piece);
        while (count > 0) {
            EXPECT_IS(0, t->ops->free_chids(pieces[--count]));
        }
    }
    EXPECT_IS(available, t->ops->get_avail_chids(t->attachment));
}

static int alloc(struct tck *t, uint64_t bytes, uint64_t align, struct nacre_fb_mem **mem,
                 struct nacre_fb_mem_info *info) {
    struct nacre_fb_request request = {.bytes = bytes, .align_bytes = align};
    return t->ops->alloc_fbmem(t->attachment, &request, mem, info);
}

static void alloc_fbmem(struct tck *t) {
    struct nacre_fb_mem *one = NULL;
    struct nacre_fb_mem *other = NULL;
    struct nacre_fb_mem_info info[2];
    uint64_t total;
    EXPECT_IS(0, t->ops->get_total_fbmem_size(t->attachment, &total));
    EXPECT(total >= MIB(16));
    EXPECT_IS(0, alloc(t, 1, PAGE_BYTES, &one, &info[0]));
    EXPECT(info[0].bytes == PAGE_BYTES && info[0].offset % PAGE_BYTES == 0);
    EXPECT_IS(0, alloc(t, MIB(1), MIB(2), &other, &info[1]));
    EXPECT(info[1].bytes == MIB(1) && info[1].offset % MIB(2) == 0);
    EXPECT(info[0].offset + info[0].bytes <= info[1].offset || info[1].offset + info[1].bytes <= info[0].offset);
    EXPECT_IS(0, t->ops->free_fbmem(one));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->free_fbmem(one));
    EXPECT_IS(0, t->ops->free_fbmem(other));
}

static void alloc_fbmem_refuses(struct tck *t) {
    struct nacre_fb_mem *mem = NULL;
    struct nacre_fb_mem_info info;
    uint64_t total;
    EXPECT_IS(0, t->ops->get_total_fbmem_size(t->attachment, &total));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, alloc(t, 0, PAGE_BYTES, &mem, &info));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, alloc(t, UINT64_MAX, PAGE_BYTES, &mem, &info));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, alloc(t, 1, 0, &mem, &info));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, alloc(t, 1, 1024, &mem, &info));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, alloc(t, 1, 3 * PAGE_BYTES, &mem, &info));
    EXPECT_IS(NACRE_ERR_NO_SPACE, alloc(t, total + PAGE_BYTES, PAGE_BYTES, &mem, &info));
    EXPECT(mem == NULL);
}

static void fixed_offset(struct tck *t) {
    struct nacre_fb_mem *mem = NULL;
    struct nacre_fb_mem *again = NULL;
    struct nacre_fb_mem_info info;
    struct nacre_fb_mem_info fixed;
    EXPECT_IS(0, alloc(t, MIB(1), MIB(1), &mem, &info));
    EXPECT_IS(0, t->ops->free_fbmem(mem));
    struct nacre_fb_request request = {
        .bytes = MIB(1), .align_bytes = PAGE_BYTES, .fixed_offset = info.offset, .has_fixed_offset = 1};
    EXPECT_IS(0, t->ops->alloc_fbmem(t->attachment, &request, &mem, &fixed));
    EXPECT(fixed.offset == info.offset && fixed.bytes == info.bytes);
    EXPECT_IS(NACRE_ERR_NO_SPACE, t->ops->alloc_fbmem(t->attachment, &request, &again, &fixed));
    request.fixed_offset += 1;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->alloc_fbmem(t->attachment, &request, &again, &fixed));
    request.fixed_offset = 1ull << 60;
    EXPECT(t->ops->alloc_fbmem(t->attachment, &request, &again, &fixed) < 0);
    EXPECT_IS(0, t->ops->free_fbmem(mem));
}

static void memory_runs_out_and_comes_back(struct tck *t) {
    static struct nacre_fb_mem *pieces[MOST_PIECES];
    struct nacre_fb_mem *more = NULL;
    struct nacre_fb_mem_info info;
    uint64_t total;
    int counts[2];
    EXPECT_IS(0, t->ops->get_total_fbmem_size(t->attachment, &total));
    uint64_t piece = total / 64 / MIB(2) * MIB(2) + MIB(2);
    for (int round = 0; round < 2; round++) {
        int count = 0;
        while (count < MOST_PIECES && alloc(t, piece, PAGE_BYTES, &pieces[count], &info) == 0) {
            count++;
        }
        counts[round] = count;
        EXPECT_IS(NACRE_ERR_NO_SPACE, alloc(t, piece, PAGE_BYTES, &more, &info));
        /* In an order that leaves holes first. */
        for (int odd = 1; odd >= 0; odd--) {
            for (int i = odd; i < count; i += 2) {
                EXPECT_IS(0, t->ops->free_fbmem(pieces[i]));
            }
        }
    }
    EXPECT(counts[0] > 0 && counts[0] == counts[1]);
}

static void bar1(struct tck *t) {
    uint8_t out[300];
    uint8_t in[300];
    uint64_t offset;
    struct nacre_map_request part = {.offset = PAGE_BYTES, .bytes = 2 * PAGE_BYTES, .huge_pages = 1};
    struct nacre_fb_mem *mem = tck_memory(t, 4 * PAGE_BYTES);
    EXPECT(mem != NULL);
    EXPECT(t->ops->bar1_read(mem, 0, in, 4) < 0);
    EXPECT_IS(0, t->ops->bar1_map_mem(mem, &part, &offset));
    EXPECT(offset % PAGE_BYTES == 0);
    EXPECT_IS(NACRE_ERR_EXISTS, t->ops->bar1_map_mem(mem, &part, &offset));
    EXPECT_IS(NACRE_ERR_BUSY, t->ops->free_fbmem(mem));
    for (size_t i = 0; i < sizeof out; i++) {
        out[i] = (uint8_t)(i * 7 + 3);
    }
    /* Neither aligned, nor within one page. */
    EXPECT_IS(0, t->ops->bar1_write(mem, PAGE_BYTES - 101, out, sizeof out));
    EXPECT_IS(0, t->ops->bar1_read(mem, PAGE_BYTES - 101, in, sizeof in));
    EXPECT(memcmp(in, out, sizeof in) == 0);
    EXPECT_IS(0, t->ops->bar1_read(mem, 0, in, 0));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->bar1_read(mem, 2 * PAGE_BYTES - 1, in, 2));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->bar1_write(mem, UINT64_MAX, out, 2));
    EXPECT_IS(0, t->ops->bar1_unmap_mem(mem));
    EXPECT(t->ops->bar1_read(mem, 0, in, 4) < 0);

    /* What was written is in the memory, wherever it is mapped. */
    part = (struct nacre_map_request){.offset = 0, .bytes = 4 * PAGE_BYTES};
    EXPECT_IS(0, t->ops->bar1_map_mem(mem, &part, &offset));
    EXPECT_IS(0, t->ops->bar1_read(mem, 2 * PAGE_BYTES - 101, in, sizeof in));
    EXPECT(memcmp(in, out, sizeof in) == 0);
    EXPECT_IS(0, t->ops->bar1_unmap_mem(mem));
    EXPECT_IS(0, t->ops->free_fbmem(mem));
}

static void bar1_refuses(struct tck *t) {
    uint64_t offset;
    struct nacre_fb_mem *mem = tck_memory(t, 4 * PAGE_BYTES);
    static const struct nacre_map_request bad[] = {
        {.offset = 0, .bytes = 0},
        {.offset = 0, .bytes = PAGE_BYTES + 1},
        {.offset = 1, .bytes = PAGE_BYTES},
        {.offset = PAGE_BYTES, .bytes = 4 * PAGE_BYTES},
        {.offset = 5 * PAGE_BYTES, .bytes = PAGE_BYTES},
        {.offset = UINT64_MAX - PAGE_BYTES + 1, .bytes = 2 * PAGE_BYTES},
    };
    EXPECT(mem != NULL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->bar1_map_mem(mem, &bad[i], &offset));
    }
    EXPECT_IS(0, t->ops->free_fbmem(mem));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->bar1_map_mem(mem, &bad[0], &offset));
}

static void window_runs_out_and_comes_back(struct tck *t) {
    struct nacre_board_info board = {.size = sizeof board};
    struct nacre_fb_mem *pieces[16];
    uint64_t offset;
    int counts[2];
    EXPECT_IS(0, t->ops->board_info(t->core, &board));
    struct nacre_map_request all = {.bytes = board.bar1_bytes / 8 / MIB(2) * MIB(2), .huge_pages = 1};
    for (int i = 0; i < 16; i++) {
        struct nacre_fb_mem_info info;
        if (alloc(t, all.bytes, MIB(2), &pieces[i], &info) != 0) {
            tck_skip(t, "the memory is too small to fill the window");
            return;
        }
    }
    for (int round = 0; round < 2; round++) {
        int count = 0;
        while (count < 16 && t->ops->bar1_map_mem(pieces[count], &all, &offset) == 0) {
            count++;
        }
        EXPECT(count > 0 && count <= 8);
        EXPECT_IS(NACRE_ERR_NO_SPACE, t->ops->bar1_map_mem(pieces[count], &all, &offset));
        counts[round] = count;
        while (count > 0) {
            EXPECT_IS(0, t->ops->bar1_unmap_mem(pieces[--count]));
        }
    }
    EXPECT(counts[0] == counts[1]);
}

const struct tck_case TCK_MEMORY_CASES[] = {
    {"alloc_chids", OPERATION(alloc_chids), NACRE_CAP_CHID_ALLOC, alloc_chids},
    {"alloc_chids.exhaustion", OPERATION(alloc_chids), NACRE_CAP_CHID_ALLOC, chids_run_out_and_come_back},
    {"alloc_fbmem", OPERATION(alloc_fbmem), NACRE_CAP_FB_MEM_ALLOC, alloc_fbmem},
    {"alloc_fbmem.refuses", OPERATION(alloc_fbmem), NACRE_CAP_FB_MEM_ALLOC, alloc_fbmem_refuses},
    {"alloc_fbmem.fixed", OPERATION(alloc_fbmem), NACRE_CAP_FB_MEM_ALLOC, fixed_offset},
    {"alloc_fbmem.exhaustion", OPERATION(alloc_fbmem), NACRE_CAP_FB_MEM_ALLOC, memory_runs_out_and_comes_back},
    {"bar1_map_mem", OPERATION(bar1_map_mem), NACRE_CAP_FB_MEM_BAR1_MAP, bar1},
    {"bar1_map_mem.refuses", OPERATION(bar1_map_mem), NACRE_CAP_FB_MEM_BAR1_MAP, bar1_refuses},
    {"bar1_map_mem.exhaustion", OPERATION(bar1_map_mem), NACRE_CAP_FB_MEM_BAR1_MAP, window_runs_out_and_comes_back},
    {NULL, 0, 0, NULL},
};
