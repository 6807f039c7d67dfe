/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of the operations for DRM drivers, and the end of a core. */
#include "tck.h"

#include <string.h>

#define MS_NS 1000000ull

static void memory(struct tck *t) {
    struct nacre_memory *mem = NULL;
    static const uint32_t placements[] = {NACRE_PLACEMENT_VRAM, NACRE_PLACEMENT_SYSTEM};
    uint8_t out[64];
    uint8_t in[64];
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->memory_create(t->attachment, 0, NACRE_PLACEMENT_VRAM, &mem));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->memory_create(t->attachment, 4097, NACRE_PLACEMENT_VRAM, &mem));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->memory_create(t->attachment, PAGE_BYTES, 3, &mem));
    for (size_t i = 0; i < 2; i++) {
        EXPECT_IS(0, t->ops->memory_create(t->attachment, 2 * PAGE_BYTES, placements[i], &mem));
        memset(in, 0xee, sizeof in);
        EXPECT_IS(0, t->ops->memory_read(mem, 4000, in, sizeof in));
        for (size_t j = 0; j < sizeof in; j++) {
            EXPECT(in[j] == 0);
            out[j] = (uint8_t)(j + 1);
        }
        EXPECT_IS(0, t->ops->memory_write(mem, 4080, out, sizeof out));
        EXPECT_IS(0, t->ops->memory_read(mem, 4080, in, sizeof in));
        EXPECT(memcmp(in, out, sizeof in) == 0);
        EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->memory_read(mem, 2 * PAGE_BYTES - 1, in, 2));
        EXPECT((t->ops->memory_fd(mem) >= 0) == (placements[i] == NACRE_PLACEMENT_SYSTEM));
        EXPECT_IS(0, t->ops->memory_free(mem));
        EXPECT_IS(NACRE_ERR_STALE, t->ops->memory_free(mem));
    }
}

static void bind(struct tck *t) {
    struct nacre_address_space *space = NULL;
    struct nacre_memory *mem = NULL;
    uint32_t bits = 0;
    EXPECT_IS(0, t->ops->address_space_create(t->attachment, &space, &bits));
    EXPECT(bits >= 40 && bits <= 57);
    EXPECT_IS(0, t->ops->memory_create(t->attachment, 4 * PAGE_BYTES, NACRE_PLACEMENT_VRAM, &mem));
    struct nacre_bind_request request = {
        .address = MIB(16), .memory = mem, .bytes = 4 * PAGE_BYTES, .writable = 1};
    EXPECT_IS(0, t->ops->bind(space, &request));
    EXPECT_IS(NACRE_ERR_EXISTS, t->ops->bind(space, &request));
    EXPECT_IS(NACRE_ERR_BUSY, t->ops->memory_free(mem));
    request.address = 1ull << bits;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->bind(space, &request));
    request.address = MIB(32);
    request.offset = PAGE_BYTES;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->bind(space, &request));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->unbind(space, MIB(16), 1));
    EXPECT_IS(NACRE_ERR_EXISTS, t->ops->bind_sparse(space, MIB(16) - PAGE_BYTES, 2 * PAGE_BYTES));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->bind_sparse(space, MIB(64), 1));
    EXPECT_IS(0, t->ops->bind_sparse(space, MIB(64), MIB(4)));
    request.offset = 0;
    request.address = MIB(66);
    EXPECT_IS(NACRE_ERR_EXISTS, t->ops->bind(space, &request));
    EXPECT_IS(0, t->ops->unbind(space, MIB(16), 4 * PAGE_BYTES));
    EXPECT_IS(0, t->ops->memory_free(mem));
    EXPECT_IS(0, t->ops->address_space_free(space));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->unbind(space, MIB(16), PAGE_BYTES));
}

static void timeline(struct tck *t) {
    struct nacre_timeline *timeline = NULL;
    uint64_t value = 1;
    EXPECT_IS(0, t->ops->timeline_create(t->attachment, &timeline));
    EXPECT_IS(0, t->ops->timeline_value(timeline, &value));
    EXPECT(value == 0);
    EXPECT_IS(0, t->ops->timeline_wait(timeline, 1, 0));
    EXPECT_IS(0, t->ops->timeline_wait(timeline, 1, MS_NS));
    EXPECT_IS(0, t->ops->timeline_signal(timeline, 5));
    EXPECT_IS(1, t->ops->timeline_wait(timeline, 5, 0));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->timeline_signal(timeline, 5));
    EXPECT_IS(0, t->ops->timeline_value(timeline, &value));
    EXPECT(value == 5);
    EXPECT_IS(0, t->ops->timeline_free(timeline));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->timeline_wait(timeline, 6, 0));
}

static int copy_engine(struct tck *t) {
    struct nacre_engine all[64];
    int count = t->ops->engines(t->core, all, 64);
    for (int i = 0; i < count && i < 64; i++) {
        if (all[i].type == NACRE_ENGINE_COPY) {
            return (int)all[i].bit;
        }
    }
    return -1;
}

static void channel(struct tck *t) {
    struct nacre_address_space *space = NULL;
    struct nacre_channel_group *group = NULL;
    struct nacre_channel *channel = NULL;
    struct nacre_channel_info info;
    struct nacre_timeline *timeline = NULL;
    struct nacre_memory *mem = NULL;
    uint32_t bits;
    EXPECT_IS(0, t->ops->address_space_create(t->attachment, &space, &bits));
    EXPECT_IS(0, t->ops->timeline_create(t->attachment, &timeline));
    EXPECT_IS(0, t->ops->memory_create(t->attachment, PAGE_BYTES, NACRE_PLACEMENT_SYSTEM, &mem));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->channel_group_create(t->attachment, space, 500, &group));
    EXPECT_IS(0, t->ops->channel_group_create(t->attachment, space, (uint32_t)copy_engine(t), &group));
    EXPECT_IS(0, t->ops->channel_create(group, &channel, &info));
    EXPECT_IS(NACRE_ERR_BUSY, t->ops->address_space_free(space));

    /* HW: method 0 of subchannel 4 is SET_OBJECT, 1 << 29 an incrementing method: as in tck_channels.c */
    uint32_t commands[] = {1u << 29 | 1u << 16 | 4u << 13, info.engine_object};
    struct nacre_bind_request request = {.address = MIB(16), .memory = mem, .bytes = PAGE_BYTES, .writable = 1};
    struct nacre_push push = {.address = MIB(16), .bytes = sizeof commands};
    EXPECT_IS(0, t->ops->memory_write(mem, 0, commands, sizeof commands));
    EXPECT_IS(0, t->ops->bind(space, &request));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->channel_submit(channel, &push, 0, timeline, 1));
    for (uint64_t point = 1; point <= 20; point++) {
        EXPECT_IS(0, t->ops->channel_submit(channel, &push, 1, timeline, point));
    }
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->channel_submit(channel, &push, 1, timeline, 20));
    EXPECT_IS(1, t->ops->timeline_wait(timeline, 20, 10000 * MS_NS));
    EXPECT_IS(0, t->ops->channel_free(channel));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->channel_submit(channel, &push, 1, timeline, 21));
    EXPECT_IS(0, t->ops->channel_group_free(group));
    EXPECT_IS(0, t->ops->timeline_free(timeline));
    EXPECT_IS(0, t->ops->address_space_free(space));
    EXPECT_IS(0, t->ops->memory_free(mem));
}

const struct tck_case TCK_GRAPHICS_CASES[] = {
    {"memory_create", OPERATION(memory_create), NACRE_CAP_MEMORY_OBJECTS, memory},
    {"bind", OPERATION(bind), NACRE_CAP_ADDRESS_SPACES, bind},
    {"timeline_create", OPERATION(timeline_create), NACRE_CAP_TIMELINES, timeline},
    {"channel_submit", OPERATION(channel_submit), NACRE_CAP_CHANNELS, channel},
    {NULL, 0, 0, NULL},
};

/* With the attachment of the case and what belongs to it: the core ends it. A client has five seconds, of which this one
 * makes no use. */
static void close_core(struct tck *t) {
    struct nacre_ce_channel *channel = NULL;
    struct nacre_channel_info info;
    uint64_t bytes;
    uint32_t from = recorder_count(&t->recorder);
    EXPECT(tck_memory(t, PAGE_BYTES) != NULL);
    if (tck_has(t, OPERATION(alloc_ce_channel))) {
        EXPECT_IS(0, t->ops->alloc_ce_channel(t->attachment, NULL, 0, &channel, &info));
    }
    struct nacre_attachment *attachment = t->attachment;
    t->attachment = NULL;
    t->ops->close(t->core);
    int told = recorder_wait(&t->recorder, from, NACRE_EVENT_DRIVER_UNBIND, ANY_CHANNEL);
    EXPECT(told >= 0);
    uint32_t count = recorder_count(&t->recorder);
    EXPECT(recorder_event(&t->recorder, count - 1).kind == NACRE_EVENT_DRIVER_END);
    EXPECT(t->ops->get_total_fbmem_size(attachment, &bytes) < 0);
    EXPECT(t->ops->detach(attachment) < 0);
    EXPECT(t->ops->owner(t->core) < 0);
}

const struct tck_case TCK_LAST_CASES[] = {
    {"close", OPERATION(close), NO_CAPABILITY, close_core},
    {NULL, 0, 0, NULL},
};
