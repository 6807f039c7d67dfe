/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of channels of a copy engine. */
#include "tck.h"

#include <string.h>

/* HW: methods of a copy engine: open-gpu-doc, classes/dma-copy/clc7b5.h. Their headers: manuals' pbdma formats. */
#define SET_OBJECT 0x0000u
#define LAUNCH_DMA 0x0300u
#define OFFSET_IN_UPPER 0x0400u
#define LINE_LENGTH_IN 0x0418u
#define LAUNCH_NON_PIPELINED 2u
#define LAUNCH_FLUSH (1u << 2)
#define LAUNCH_INTERRUPT_NON_BLOCKING (2u << 5)
#define LAUNCH_SRC_PITCH (1u << 7)
#define LAUNCH_DST_PITCH (1u << 8)
#define SUBCHANNEL 4u
#define INCREMENTING (1u << 29)

#define MOST_CHANNELS 4096
#define COPY_BYTES 65536u

static uint32_t header(uint32_t method, uint32_t count) {
    return INCREMENTING | count << 16 | SUBCHANNEL << 13 | method / 4;
}

bool tck_copy(struct tck *t, struct nacre_ce_channel *channel, const struct nacre_channel_info *info, uint64_t from,
              uint64_t to, uint32_t bytes) {
    uint32_t commands[] = {
        header(SET_OBJECT, 1),
        info->engine_object,
        header(OFFSET_IN_UPPER, 4),
        (uint32_t)(from >> 32),
        (uint32_t)from,
        (uint32_t)(to >> 32),
        (uint32_t)to,
        header(LINE_LENGTH_IN, 2),
        bytes,
        1,
        header(LAUNCH_DMA, 1),
        LAUNCH_NON_PIPELINED | LAUNCH_FLUSH | LAUNCH_INTERRUPT_NON_BLOCKING | LAUNCH_SRC_PITCH | LAUNCH_DST_PITCH,
    };
    uint32_t count = sizeof commands / sizeof commands[0];
    uint32_t told = recorder_count(&t->recorder);
    if (!tck_is(t, __FILE__, __LINE__, "begin_pushbuf", 0, t->ops->begin_pushbuf(channel, count))) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!tck_is(t, __FILE__, __LINE__, "emit_pushbuf", 0, t->ops->emit_pushbuf(channel, commands[i]))) {
            return false;
        }
    }
    if (!tck_is(t, __FILE__, __LINE__, "submit_pushbuf", 0, t->ops->submit_pushbuf(channel))) {
        return false;
    }
    if (recorder_wait(&t->recorder, told, NACRE_EVENT_FIFO_NONSTALL, info->id) < 0) {
        tck_fail(t, __FILE__, __LINE__, "the copy ends with an interrupt");
        return false;
    }
    return true;
}

static void alloc_ce_channel(struct tck *t) {
    struct nacre_ce_channel *channel = NULL;
    struct nacre_channel_info info = {0, 0};
    uint32_t from = recorder_count(&t->recorder);
    EXPECT_IS(0, t->ops->alloc_ce_channel(t->attachment, NULL, 0, &channel, &info));
    EXPECT(info.engine_object != 0);
    EXPECT(recorder_wait(&t->recorder, from, NACRE_EVENT_CHANNEL_START, info.id) >= 0);
    EXPECT_IS(0, t->ops->free_ce_channel(channel));
    EXPECT(recorder_wait(&t->recorder, from, NACRE_EVENT_CHANNEL_END, info.id) >= 0);
    EXPECT_IS(NACRE_ERR_STALE, t->ops->free_ce_channel(channel));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->begin_pushbuf(channel, 1));
}

static void ce_channel_of_chosen_ids(struct tck *t) {
    struct nacre_chids *chids = NULL;
    struct nacre_ce_channel *channel = NULL;
    struct nacre_ce_channel *again = NULL;
    struct nacre_channel_info info;
    uint32_t first;
    if (!(t->capabilities >> NACRE_CAP_CHID_ALLOC & 1) || t->ops->get_avail_chids(t->attachment) < 4) {
        tck_skip(t, "there is no pool of channel ids");
        return;
    }
    EXPECT_IS(0, t->ops->alloc_chids(t->attachment, 4, &chids, &first));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->alloc_ce_channel(t->attachment, chids, 4, &channel, &info));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->alloc_ce_channel(t->attachment, chids, UINT32_MAX, &channel, &info));
    EXPECT_IS(0, t->ops->alloc_ce_channel(t->attachment, chids, 2, &channel, &info));
    EXPECT(info.id == first + 2);
    EXPECT_IS(NACRE_ERR_BUSY, t->ops->alloc_ce_channel(t->attachment, chids, 2, &again, &info));
    EXPECT_IS(NACRE_ERR_BUSY, t->ops->free_chids(chids));
    EXPECT_IS(0, t->ops->free_ce_channel(channel));
    EXPECT_IS(0, t->ops->alloc_ce_channel(t->attachment, chids, 2, &channel, &info));
    EXPECT_IS(0, t->ops->free_ce_channel(channel));
    EXPECT_IS(0, t->ops->free_chids(chids));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->alloc_ce_channel(t->attachment, chids, 0, &channel, &info));
}

static void ce_channels_run_out_and_come_back(struct tck *t) {
    static struct nacre_ce_channel *all[MOST_CHANNELS];
    struct nacre_channel_info info;
    int counts[2];
    for (int round = 0; round < 2; round++) {
        int count = 0;
        int result = 0;
        while (count < MOST_CHANNELS && result == 0) {
            result = t->ops->alloc_ce_channel(t->attachment, NULL, 0, &all[count], &info);
            count += result == 0 ? 1 : 0;
        }
        EXPECT_IS(NACRE_ERR_NO_SPACE, result);
        counts[round] = count;
        while (count > 0) {
            EXPECT_IS(0, t->ops->free_ce_channel(all[--count]));
        }
    }
    EXPECT(counts[0] > 0 && counts[0] == counts[1]);
}

static void pushbuf(struct tck *t) {
    struct nacre_ce_channel *channel = NULL;
    struct nacre_channel_info info;
    EXPECT_IS(0, t->ops->alloc_ce_channel(t->attachment, NULL, 0, &channel, &info));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->emit_pushbuf(channel, 0));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->submit_pushbuf(channel));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->begin_pushbuf(channel, 0));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->begin_pushbuf(channel, 1025));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->begin_pushbuf(channel, UINT32_MAX));
    EXPECT_IS(0, t->ops->begin_pushbuf(channel, 2));
    EXPECT_IS(NACRE_ERR_EXISTS, t->ops->begin_pushbuf(channel, 2));
    EXPECT_IS(0, t->ops->emit_pushbuf(channel, header(SET_OBJECT, 1)));
    EXPECT_IS(0, t->ops->emit_pushbuf(channel, info.engine_object));
    EXPECT_IS(NACRE_ERR_NO_SPACE, t->ops->emit_pushbuf(channel, 0));
    EXPECT_IS(0, t->ops->submit_pushbuf(channel));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->submit_pushbuf(channel));
    /* Less than there is room for, and nothing at all. */
    EXPECT_IS(0, t->ops->begin_pushbuf(channel, 1024));
    EXPECT_IS(0, t->ops->submit_pushbuf(channel));
    EXPECT_IS(0, t->ops->free_ce_channel(channel));
}

static void channel_map_mem(struct tck *t) {
    struct nacre_ce_channel *channel = NULL;
    struct nacre_channel_info info;
    struct nacre_map_request part = {.bytes = 2 * PAGE_BYTES};
    struct nacre_map_request beyond = {.bytes = 5 * PAGE_BYTES};
    uint64_t addresses[2];
    struct nacre_fb_mem *mem = tck_memory(t, 4 * PAGE_BYTES);
    EXPECT(mem != NULL);
    EXPECT_IS(0, t->ops->alloc_ce_channel(t->attachment, NULL, 0, &channel, &info));
    EXPECT_IS(0, t->ops->channel_map_mem(channel, mem, &part, &addresses[0]));
    part.offset = 2 * PAGE_BYTES;
    EXPECT_IS(0, t->ops->channel_map_mem(channel, mem, &part, &addresses[1]));
    EXPECT(addresses[0] + part.bytes <= addresses[1] || addresses[1] + part.bytes <= addresses[0]);
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->channel_map_mem(channel, mem, &beyond, &addresses[1]));
    EXPECT(t->ops->channel_unmap_mem(channel, addresses[0] + PAGE_BYTES) < 0);
    EXPECT_IS(0, t->ops->channel_unmap_mem(channel, addresses[0]));
    EXPECT(t->ops->channel_unmap_mem(channel, addresses[0]) < 0);
    EXPECT_IS(0, t->ops->free_ce_channel(channel));
    EXPECT_IS(0, t->ops->free_fbmem(mem));
}

/* Two parts of memory in a channel; the first holds a pattern, the second something else. */
struct copy {
    struct nacre_ce_channel *channel;
    struct nacre_channel_info info;
    struct nacre_fb_mem *from;
    struct nacre_fb_mem *to;
    uint64_t from_address;
    uint64_t to_address;
    uint8_t pattern[COPY_BYTES];
    uint8_t result[COPY_BYTES];
};

static void copy_prepare(struct tck *t, struct copy *copy) {
    struct nacre_map_request all = {.bytes = COPY_BYTES};
    uint64_t offset;
    copy->from = tck_memory(t, COPY_BYTES);
    copy->to = tck_memory(t, COPY_BYTES);
    EXPECT(copy->from != NULL && copy->to != NULL);
    EXPECT_IS(0, t->ops->alloc_ce_channel(t->attachment, NULL, 0, &copy->channel, &copy->info));
    EXPECT_IS(0, t->ops->channel_map_mem(copy->channel, copy->from, &all, &copy->from_address));
    EXPECT_IS(0, t->ops->channel_map_mem(copy->channel, copy->to, &all, &copy->to_address));
    EXPECT_IS(0, t->ops->bar1_map_mem(copy->from, &all, &offset));
    EXPECT_IS(0, t->ops->bar1_map_mem(copy->to, &all, &offset));
}

static void copy_once(struct tck *t, struct copy *copy, uint32_t seed) {
    for (uint32_t i = 0; i < COPY_BYTES; i++) {
        copy->pattern[i] = (uint8_t)(i * 131 + i / 251 + seed);
        copy->result[i] = (uint8_t)~copy->pattern[i];
    }
    EXPECT_IS(0, t->ops->bar1_write(copy->from, 0, copy->pattern, COPY_BYTES));
    EXPECT_IS(0, t->ops->bar1_write(copy->to, 0, copy->result, COPY_BYTES));
    if (!tck_copy(t, copy->channel, &copy->info, copy->from_address, copy->to_address, COPY_BYTES)) {
        return;
    }
    EXPECT_IS(0, t->ops->bar1_read(copy->to, 0, copy->result, COPY_BYTES));
    EXPECT(memcmp(copy->pattern, copy->result, COPY_BYTES) == 0);
}

static void copy_end(struct tck *t, struct copy *copy) {
    EXPECT_IS(0, t->ops->bar1_unmap_mem(copy->from));
    EXPECT_IS(0, t->ops->bar1_unmap_mem(copy->to));
    EXPECT_IS(0, t->ops->free_ce_channel(copy->channel));
    EXPECT_IS(0, t->ops->free_fbmem(copy->from));
    EXPECT_IS(0, t->ops->free_fbmem(copy->to));
}

static void copies(struct tck *t) {
    static struct copy copy;
    memset(&copy, 0, sizeof copy);
    copy_prepare(t, &copy);
    for (uint32_t i = 0; i < 40 && !t->failed; i++) {
        copy_once(t, &copy, i);
    }
    if (!t->failed) {
        copy_end(t, &copy);
    }
}

static void copy_after_resume(struct tck *t) {
    static struct copy copy;
    if (!(t->capabilities >> NACRE_CAP_SUSPEND & 1)) {
        tck_skip(t, "the core lacks the capability to suspend");
        return;
    }
    memset(&copy, 0, sizeof copy);
    copy_prepare(t, &copy);
    if (!t->failed) {
        copy_once(t, &copy, 1);
    }
    if (!t->failed) {
        EXPECT_IS(0, t->ops->suspend(t->core));
        EXPECT_IS(0, t->ops->resume(t->core));
        copy_once(t, &copy, 2);
    }
    if (!t->failed) {
        copy_end(t, &copy);
    }
}

static void fault(struct tck *t) {
    static struct copy copy;
    memset(&copy, 0, sizeof copy);
    copy_prepare(t, &copy);
    if (t->failed) {
        return;
    }
    uint32_t from = recorder_count(&t->recorder);
    EXPECT_IS(0, t->ops->channel_unmap_mem(copy.channel, copy.to_address));
    EXPECT_IS(0, t->ops->begin_pushbuf(copy.channel, 12));
    const uint32_t commands[] = {header(SET_OBJECT, 1),
                                 copy.info.engine_object,
                                 header(OFFSET_IN_UPPER, 4),
                                 (uint32_t)(copy.from_address >> 32),
                                 (uint32_t)copy.from_address,
                                 (uint32_t)(copy.to_address >> 32),
                                 (uint32_t)copy.to_address,
                                 header(LINE_LENGTH_IN, 2),
                                 PAGE_BYTES,
                                 1,
                                 header(LAUNCH_DMA, 1),
                                 LAUNCH_NON_PIPELINED | LAUNCH_SRC_PITCH | LAUNCH_DST_PITCH};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        EXPECT_IS(0, t->ops->emit_pushbuf(copy.channel, commands[i]));
    }
    EXPECT_IS(0, t->ops->submit_pushbuf(copy.channel));
    int at = recorder_wait(&t->recorder, from, NACRE_EVENT_FAULT, copy.info.id);
    EXPECT(at >= 0);
    struct nacre_event event = recorder_event(&t->recorder, (uint32_t)at);
    EXPECT(event.fault_cause == NACRE_FAULT_MMU);
    EXPECT(event.has_fault_address == 1);
    EXPECT(event.fault_address / PAGE_BYTES == copy.to_address / PAGE_BYTES);
    EXPECT_IS(NACRE_ERR_IO, t->ops->begin_pushbuf(copy.channel, 1));
    EXPECT_IS(0, t->ops->free_ce_channel(copy.channel));

    /* Others go on. */
    memset(&copy, 0, sizeof copy);
    copy_prepare(t, &copy);
    if (!t->failed) {
        copy_once(t, &copy, 3);
    }
}

const struct tck_case TCK_CHANNEL_CASES[] = {
    {"alloc_ce_channel", OPERATION(alloc_ce_channel), NACRE_CAP_CE_CHAN_ALLOC, alloc_ce_channel},
    {"alloc_ce_channel.chids", OPERATION(alloc_ce_channel), NACRE_CAP_CE_CHAN_ALLOC, ce_channel_of_chosen_ids},
    {"alloc_ce_channel.exhaustion", OPERATION(alloc_ce_channel), NACRE_CAP_CE_CHAN_ALLOC,
     ce_channels_run_out_and_come_back},
    {"pushbuf", OPERATION(begin_pushbuf), NACRE_CAP_PUSHBUF_SUBMIT, pushbuf},
    {"channel_map_mem", OPERATION(channel_map_mem), NACRE_CAP_CHAN_MEM_MAP, channel_map_mem},
    {"copy", OPERATION(submit_pushbuf), NACRE_CAP_PUSHBUF_SUBMIT, copies},
    {"copy.after-resume", OPERATION(submit_pushbuf), NACRE_CAP_PUSHBUF_SUBMIT, copy_after_resume},
    {"fault", OPERATION(submit_pushbuf), NACRE_CAP_FAULT_REPORTS, fault},
    {NULL, 0, 0, NULL},
};
