/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core that boots nothing, for the tests of the bridge: open() uses each function of the platform once and tells what
 * it saw as the board; attach() tells one event of each kind; the other operations fail as their arguments say.
 */
#include "nacre_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct nacre_core {
    const struct nacre_platform *platform;
    struct nacre_board_info board;
    uint64_t iova;
};

static _Thread_local char why[128];

static int fail(int error, const char *words) {
    snprintf(why, sizeof(why), "%s", words);
    return error;
}

static void stub_last_error(char *text, size_t capacity) {
    snprintf(text, capacity, "%s", why);
}

static const char *stub_implementation(struct nacre_core *core) {
    (void)core;
    return "stub";
}

static uint64_t stub_capabilities(struct nacre_core *core) {
    (void)core;
    /* Bit 63 is nobody's. */
    return 1ull << NACRE_CAP_CHID_ALLOC | 1ull << NACRE_CAP_SUSPEND | 1ull << 63;
}

static int stub_board_info(struct nacre_core *core, struct nacre_board_info *info) {
    uint32_t size = info->size;

    if (size > sizeof(core->board))
        size = sizeof(core->board);
    memcpy(info, &core->board, size);
    info->size = size;
    return 0;
}

static int stub_engines(struct nacre_core *core, struct nacre_engine *to, uint32_t capacity) {
    static const struct nacre_engine all[] = {
        { NACRE_ENGINE_GRAPHICS, 0, 1, 0, { 0 } }, { NACRE_ENGINE_COPY, 3, 12, 1, { 0xc7b5 } }, { 77, 0, 40, 0, { 0 } }
    };

    (void)core;
    memcpy(to, all, (capacity < 3 ? capacity : 3) * sizeof(all[0]));
    return 3;
}

static int stub_owner(struct nacre_core *core) {
    (void)core;
    return NACRE_CLIENT_DRM;
}

static int stub_sriov_configure(struct nacre_core *core, uint32_t num_vfs) {
    (void)core;
    /* Whatever number the test likes to see. */
    return fail(-(int)num_vfs, "the words of C");
}

static void stub_close(struct nacre_core *core) {
    core->platform->dma_free(core->platform->context, core->iova);
    core->platform->log(core->platform->context, 2, "stub closed");
    free(core);
}

static int stub_attach(struct nacre_core *core, const struct nacre_client *client, struct nacre_attachment **attachment) {
    static const uint32_t kinds[] = { NACRE_EVENT_DRIVER_START,  NACRE_EVENT_SRIOV_CONFIGURE, NACRE_EVENT_DRIVER_UNBIND,
                                      NACRE_EVENT_CHANNEL_START, NACRE_EVENT_FIFO_NONSTALL,   NACRE_EVENT_CHANNEL_END,
                                      NACRE_EVENT_SUSPEND,       NACRE_EVENT_RESUME,          4711,
                                      NACRE_EVENT_FAULT,         NACRE_EVENT_FAULT,           NACRE_EVENT_VGPU_NOTICE,
                                      NACRE_EVENT_DRIVER_END };
    uint32_t i;

    if (client->size != sizeof(*client) || strcmp(client->name, "client") != 0 ||
        client->required != 1ull << NACRE_CAP_CHID_ALLOC)
        return fail(NACRE_ERR_INVALID_ARGUMENT, "the client is not what the test attaches");
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct nacre_event event = { .kind = kinds[i], .channel_id = 100 + i };

        if (event.kind == NACRE_EVENT_SRIOV_CONFIGURE)
            event.num_vfs = 5;
        if (event.kind == NACRE_EVENT_VGPU_NOTICE) {
            event.vf_index = 7;
            event.notify_index = 9;
        }
        if (event.kind == NACRE_EVENT_FAULT) {
            event.fault_cause = kinds[i + 1] == NACRE_EVENT_FAULT ? NACRE_FAULT_MMU : NACRE_FAULT_ENGINE;
            event.has_fault_address = event.fault_cause == NACRE_FAULT_MMU;
            event.fault_address = event.has_fault_address ? 0x123456789000ull : 0;
        }
        client->on_event(client->context, &event);
    }
    *attachment = (struct nacre_attachment *)core;
    return 0;
}

static int stub_detach(struct nacre_attachment *attachment) {
    (void)attachment;
    return 0;
}

static int stub_agreed_version(struct nacre_attachment *attachment) {
    (void)attachment;
    return 1;
}

static uint64_t stub_agreed_capabilities(struct nacre_attachment *attachment) {
    (void)attachment;
    return 1ull << NACRE_CAP_CHID_ALLOC;
}

/* Heads of a virtual GPU, and bytes of its log, that cannot be. */
static int stub_vgpu_surfaces(struct nacre_vgpu *vgpu, struct nacre_vgpu_surface *to, uint32_t capacity) {
    (void)vgpu;
    memset(to, 0, capacity * sizeof(*to));
    return 65;
}

static int stub_vgpu_log_count(struct nacre_vgpu *vgpu) {
    (void)vgpu;
    return 1;
}

static int stub_vgpu_log(struct nacre_vgpu *vgpu, uint32_t index, char name[32], void *to, uint64_t capacity,
                         uint64_t *bytes) {
    (void)vgpu;
    (void)index;
    (void)to;
    (void)capacity;
    name[0] = 0;
    *bytes = ~0ull;
    return 0;
}

static const struct nacre_core_ops ops = {
    .size = sizeof(ops),
    .version = NACRE_CORE_VERSION,
    .last_error = stub_last_error,
    .implementation = stub_implementation,
    .capabilities = stub_capabilities,
    .board_info = stub_board_info,
    .engines = stub_engines,
    .owner = stub_owner,
    .sriov_configure = stub_sriov_configure,
    .close = stub_close,
    .attach = stub_attach,
    .detach = stub_detach,
    .agreed_version = stub_agreed_version,
    .agreed_capabilities = stub_agreed_capabilities,
    .vgpu_surfaces = stub_vgpu_surfaces,
    .vgpu_log_count = stub_vgpu_log_count,
    .vgpu_log = stub_vgpu_log,
};

/* The same, cut after close(). */
EXPORT const struct nacre_core_ops *stub_short_ops(void) {
    static struct nacre_core_ops shorter;

    shorter = ops;
    shorter.size = offsetof(struct nacre_core_ops, attach);
    return &shorter;
}

EXPORT const struct nacre_core_ops *stub_newer_ops(void) {
    static struct nacre_core_ops newer;

    newer = ops;
    newer.version = NACRE_CORE_VERSION + 1;
    return &newer;
}

/* Reads and writes a register as often as it is told; gives the last value. */
EXPORT uint32_t stub_access(const struct nacre_platform *platform, uint32_t times) {
    uint32_t value = 0;

    while (times-- > 0) {
        platform->write32(platform->context, 0, 0x20, times);
        value = platform->read32(platform->context, 0, 0x20);
    }
    return value;
}

EXPORT const struct nacre_core_ops *nacre_core_ops(void) {
    return &ops;
}

EXPORT const char *const *nacre_core_chips(void) {
    static const char *const chips[] = { "STUB1", "STUB2", NULL };

    return chips;
}

EXPORT int nacre_core_supports(uint32_t vendor, uint32_t device, uint32_t class_code) {
    return vendor == 0x10de && device == 0x1234 && class_code == 0x030000;
}

/* What it sees of the platform becomes the board; see NativeCoreTest. */
EXPORT int nacre_core_open(const struct nacre_platform *platform, const struct nacre_core_config *config,
                           struct nacre_core **out) {
    void *context = platform->context;
    struct nacre_core *core;
    const void *file;
    uint64_t bytes;
    void *cpu;
    int error;

    if (platform->size != sizeof(*platform) || platform->version != NACRE_CORE_VERSION ||
        config->size != sizeof(*config))
        return fail(NACRE_ERR_VERSION, "sizes differ");
    error = platform->firmware(context, "nvidia/stub/none.bin", &file, &bytes);
    if (error != NACRE_ERR_NO_FIRMWARE)
        return fail(NACRE_ERR_IO, "a file that is not there was found");
    error = platform->firmware(context, "nvidia/stub/name.bin", &file, &bytes);
    if (error < 0)
        return fail(error, "no firmware, says the stub");
    core = calloc(1, sizeof(*core));
    if (!core)
        return fail(NACRE_ERR_NO_MEMORY, "no memory");
    core->platform = platform;
    core->board.size = sizeof(core->board);
    memcpy(core->board.name, file, bytes < 64 ? bytes : 63);
    snprintf(core->board.firmware, sizeof(core->board.firmware), "policy %u slice %u", config->vgpu_policy,
             config->vgpu_slice_ms);
    snprintf(core->board.chip, sizeof(core->board.chip), "STUB1");

    /* A bus address that the function is told, and data that it finds there. */
    if (platform->dma_alloc(context, 5000, &cpu, &core->iova) < 0) {
        free(core);
        return fail(NACRE_ERR_NO_MEMORY, "no DMA memory");
    }
    memset(cpu, 0x5a, 8192);
    platform->write32(context, 0, 0x10, (uint32_t)(core->iova >> 12));
    platform->write(context, 0, 0x14, (const char *)"abcd", 4);
    core->board.fb_bytes = platform->read32(context, 0, 0x10);
    platform->read(context, 0, 0x14, core->board.uuid, 4);
    core->board.bar1_bytes = platform->region_bytes(context, 0);
    core->board.channels = platform->read32(context, 0, platform->region_bytes(context, 0));
    core->board.vgpu_channels = config->vgpu_channels;
    core->board.ecc = (uint32_t)platform->is_gone(context);
    core->board.vmmu_segment_bytes = (uint64_t)platform->interrupt_fd(context);
    core->board.fb_region_count = 1;
    core->board.fb_regions[0].offset = (uint64_t)(int64_t)platform->read(context, 0, ~0ull, cpu, 4);
    core->board.fb_regions[0].bytes = (uint64_t)(int64_t)platform->dma_alloc(context, 0, &cpu, &bytes);
    platform->reset(context);
    platform->log(context, 1, "stub opened");
    *out = core;
    return 0;
}
