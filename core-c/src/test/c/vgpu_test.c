/* SPDX-License-Identifier: Apache-2.0 */
/* What a core says to a plugin, and what it does with answers, also with those of a plugin that means harm. */
#include "check.h"
#include "regs.h"
#include "rm.h"
#include "vgpu.h"

#define AREA_AT MIB(1)
#define GUEST_FB MIB(512)

/* A GPU that has nothing but a plugin's memory in BAR 1, and a doorbell by which the plugin is called. */
struct plugin {
    uint8_t memory[AREA_BYTES];
    const struct vgpu_abi *abi;
    uint32_t doorbell;
    uint32_t calls;
    uint32_t messages[8];
    uint8_t payload[256]; /* of the last call */
    uint32_t result;      /* that it answers */
    bool is_deaf;
    uint64_t random;      /* makes its answers; 0 for a good plugin */
    struct vgpu *ending;  /* is ended instead of an answer */
};

static void answer(struct plugin *plugin) {
    uint8_t *message = plugin->memory + AREA_MESSAGE;
    uint8_t *response = plugin->memory + AREA_RESPONSE;
    plugin->messages[plugin->calls++ % ARRAY_SIZE(plugin->messages)] =
        get32(plugin->memory + AREA_CONTROL + CONTROL_MESSAGE_TYPE);
    memcpy(plugin->payload, message, sizeof plugin->payload);
    if (plugin->ending != NULL) {
        plugin->ending->is_ending = true;
    }
    if (plugin->is_deaf) {
        return;
    }
    for (uint32_t i = 0; plugin->random != 0 && i < 4096; i += 8) {
        put64(message + i, next_random(&plugin->random));
        put64(response + i, next_random(&plugin->random));
    }
    put32(response + plugin->abi->response_result, plugin->result);
    put32(response + plugin->abi->response_processed, get32(plugin->memory + AREA_CONTROL + CONTROL_MESSAGE_SEQ_NUM));
}

static uint32_t plugin_read32(void *context, uint32_t region, uint64_t offset) {
    struct plugin *plugin = context;
    return region == REGION_MEMORY ? get32(plugin->memory + (offset - AREA_AT)) : plugin->doorbell;
}

static void plugin_write32(void *context, uint32_t region, uint64_t offset, uint32_t value) {
    struct plugin *plugin = context;
    if (region == REGION_MEMORY) {
        put32(plugin->memory + (offset - AREA_AT), value);
    } else if (offset == NV_VF_PRIV_DOORBELL) {
        plugin->doorbell = value;
        answer(plugin);
    }
}

static int plugin_read(void *context, uint32_t region, uint64_t offset, void *to, uint64_t bytes) {
    struct plugin *plugin = context;
    CHECK(region == REGION_MEMORY && is_inside(offset - AREA_AT, bytes, AREA_BYTES));
    memcpy(to, plugin->memory + (offset - AREA_AT), bytes);
    return 0;
}

static int plugin_write(void *context, uint32_t region, uint64_t offset, const void *from, uint64_t bytes) {
    struct plugin *plugin = context;
    CHECK(region == REGION_MEMORY && is_inside(offset - AREA_AT, bytes, AREA_BYTES));
    memcpy(plugin->memory + (offset - AREA_AT), from, bytes);
    return 0;
}

static int plugin_is_gone(void *context) {
    (void)context;
    return 0;
}

/* A core with one attachment that has one virtual GPU. */
struct rig {
    struct plugin plugin;
    struct nacre_platform platform;
    struct core core;
    struct attachment attachment;
    struct fb_mem frame_buffer;
    struct fb_mem heap;
    struct chids chids;
    struct vgpu vgpu;
};

static void rig_make(struct rig *rig, const struct gsp_abi *abi) {
    memset(rig, 0, sizeof *rig);
    rig->plugin.abi = &abi->vgpu;
    rig->platform = (struct nacre_platform){
        .context = &rig->plugin,
        .read32 = plugin_read32,
        .write32 = plugin_write32,
        .read = plugin_read,
        .write = plugin_write,
        .is_gone = plugin_is_gone,
    };
    rig->core.platform = &rig->platform;
    rig->core.gpu.firmware.abi = abi;
    pthread_mutex_init(&rig->core.lock, NULL);
    condition_init(&rig->core.vgpu_moved);
    rig->attachment.capabilities = CORE_CAPABILITIES;
    rig->frame_buffer.info = (struct nacre_fb_mem_info){MIB(512), GUEST_FB};
    rig->vgpu.gfid = 3;
    rig->vgpu.vf_index = 2;
    rig->vgpu.area = AREA_AT;
    rig->vgpu.frame_buffer = &rig->frame_buffer;
    rig->vgpu.heap = &rig->heap;
    rig->vgpu.chids = &rig->chids;
    CHECK(object_add(&rig->core, &rig->attachment, HANDLE_VGPU, &rig->vgpu.object) == 0);
}

static void rig_end(struct rig *rig) {
    handle_drop(rig->vgpu.object.handle);
    pthread_cond_destroy(&rig->core.vgpu_moved);
    pthread_mutex_destroy(&rig->core.lock);
}

static void messages_reach_the_plugin(struct rig *rig) {
    struct nacre_vgpu *vgpu = rig->vgpu.object.handle;
    CHECK(vgpu_reset(vgpu) == 0);
    CHECK(rig->plugin.doorbell == 3 * 32 + 17 && rig->plugin.messages[0] == MESSAGE_RESET);
    CHECK(vgpu_bus_master(vgpu, 1, 0) == 0);
    CHECK(rig->plugin.messages[1] == MESSAGE_UPDATE_BME_STATE);
    CHECK(rig->plugin.payload[0] == 1 && rig->plugin.payload[1] == 0);
    rig->vgpu.sequence = UINT32_MAX;
    CHECK(vgpu_reset(vgpu) == 0);
    CHECK(get32(rig->plugin.memory + AREA_CONTROL + CONTROL_MESSAGE_SEQ_NUM) == 1);
}

static void refusal_is_an_error_that_passes(struct rig *rig) {
    struct nacre_vgpu *vgpu = rig->vgpu.object.handle;
    rig->plugin.result = 0x1f;
    CHECK(vgpu_reset(vgpu) == NACRE_ERR_IO);
    rig->plugin.result = 0;
    CHECK(vgpu_reset(vgpu) == 0);
}

static void area_holds_nothing_of_an_earlier_plugin(struct rig *rig) {
    memset(rig->plugin.memory, 0xee, sizeof rig->plugin.memory);
    CHECK(vgpu_area_clear(&rig->core, &rig->vgpu) == 0);
    for (uint32_t i = 0; i < AREA_BYTES; i++) {
        bool is_migration = i >= AREA_MIGRATION && i < AREA_ERROR;
        CHECK(rig->plugin.memory[i] == (is_migration ? 0xee : 0));
    }
}

static void surface_is_told_as_the_plugin_writes_it(struct rig *rig) {
    struct nacre_vgpu_surface told[SURFACES];
    const struct vgpu_abi *abi = rig->plugin.abi;
    uint8_t *second = rig->plugin.memory + AREA_RESPONSE + SURFACES_OFFSET + abi->surface_bytes;
    memset(rig->plugin.memory, 0, sizeof rig->plugin.memory);
    put64(second + SURFACE_SEQ_START, 5);
    put64(second + SURFACE_SEQ_END, 5);
    put32(second + SURFACE_OFFSET_UNIT, 256);
    put32(second + SURFACE_RECT_WIDTH, 640);
    put32(second + SURFACE_RECT_HEIGHT, 480);
    put32(second + SURFACE_SIZE, 640 * 480 * 4);
    put32(second + SURFACE_OFFSET, 16);
    put32(second + SURFACE_FORMAT, 0xcf);
    put32(second + SURFACE_PITCH, 2560);
    second[abi->surface_block_linear] = 1;
    CHECK(vgpu_surfaces(rig->vgpu.object.handle, told, SURFACES) == 1);
    CHECK(told[0].head == 1 && told[0].width == 640 && told[0].height == 480 && told[0].pitch_bytes == 2560);
    CHECK(told[0].offset == 4096 && told[0].bytes == 640 * 480 * 4 && told[0].format == 0xcf && told[0].block_linear);
    second[abi->surface_blanked] = 1;
    CHECK(vgpu_surfaces(rig->vgpu.object.handle, told, SURFACES) == 0);
    second[abi->surface_blanked] = 0;
    put32(second + SURFACE_OFFSET, UINT32_MAX);
    CHECK(vgpu_surfaces(rig->vgpu.object.handle, told, SURFACES) == NACRE_ERR_IO);
}

static void guest_info_is_text(struct rig *rig) {
    struct nacre_vgpu_guest_info info;
    memset(rig->plugin.memory, 0, sizeof rig->plugin.memory);
    CHECK(vgpu_guest_info(rig->vgpu.object.handle, &info) == 0);
    CHECK(info.driver_loaded == 0 && info.boot_count == 0 && info.driver_version[0] == 0);
    CHECK(vgpu_guest_info(rig->vgpu.object.handle, NULL) == NACRE_ERR_INVALID_ARGUMENT);
}

static void answers_that_mean_harm_do_none(struct rig *rig) {
    struct nacre_vgpu_surface surfaces[SURFACES];
    struct nacre_vgpu_guest_info info;
    for (uint64_t seed = 1; seed <= 64; seed++) {
        rig->plugin.random = seed * UINT64_C(0x9e3779b97f4a7c15);
        if (vgpu_guest_info(rig->vgpu.object.handle, &info) == 0) {
            CHECK(info.driver_loaded <= 1 && memchr(info.driver_version, 0, sizeof info.driver_version) != NULL);
        }
    }
    /* A surface that is never whole is waited for. */
    rig->plugin.random = 99;
    CHECK(vgpu_surfaces(rig->vgpu.object.handle, surfaces, 0) == NACRE_ERR_TIMED_OUT);
    rig->plugin.random = 0;
}

static void answer_to_another_message_breaks_it(struct rig *rig) {
    uint8_t *processed = rig->plugin.memory + AREA_RESPONSE + rig->plugin.abi->response_processed;
    rig->plugin.is_deaf = true;
    put32(processed, rig->vgpu.sequence + 17);
    CHECK(vgpu_reset(rig->vgpu.object.handle) == NACRE_ERR_IO);
    rig->plugin.is_deaf = false;
    CHECK(vgpu_reset(rig->vgpu.object.handle) == NACRE_ERR_IO);
    rig->vgpu.is_broken = false;
    put32(processed, rig->vgpu.sequence);
}

static void plugin_that_has_died_is_not_waited_for(struct rig *rig) {
    rig->core.plugins[rig->vgpu.gfid] = PLUGIN_DIED;
    rig->plugin.is_deaf = true;
    CHECK(vgpu_reset(rig->vgpu.object.handle) == NACRE_ERR_IO);
    rig->core.plugins[rig->vgpu.gfid] = PLUGIN_LIVES;
    rig->plugin.is_deaf = false;
    rig->vgpu.is_broken = false;
    put32(rig->plugin.memory + AREA_RESPONSE + rig->plugin.abi->response_processed, rig->vgpu.sequence);
}

static void call_gives_up_when_the_gpu_is_ended(struct rig *rig) {
    rig->plugin.is_deaf = true;
    rig->plugin.ending = &rig->vgpu;
    CHECK(vgpu_reset(rig->vgpu.object.handle) == NACRE_ERR_STALE);
    CHECK(vgpu_reset(rig->vgpu.object.handle) == NACRE_ERR_STALE);
    CHECK(!rig->vgpu.is_busy && rig->vgpu.is_broken);
}

static void samples_are_bounded_and_grow_old(void) {
    static uint8_t payload[SAMPLES_FIRST + SAMPLES_MOST * SAMPLE_BYTES];
    static struct vgpu_samples samples = {.lock = PTHREAD_MUTEX_INITIALIZER};
    uint8_t *first = payload + SAMPLES_FIRST;
    payload[SAMPLES_TYPE] = SAMPLES_TYPE_PERFMON_UTIL;
    put32(payload + SAMPLES_COUNT, 1);
    put32(first + SAMPLE_GR + SAMPLE_UTIL, 1234);
    put32(first + SAMPLE_GR + SAMPLE_SUB_PROCESS_ID, 5);
    put32(first + SAMPLE_FB + SAMPLE_UTIL, UINT32_MAX);
    put32(first + SAMPLE_FB + SAMPLE_SUB_PROCESS_ID, 5);
    put32(first + SAMPLE_NVENC + SAMPLE_SUB_PROCESS_ID, VGPU_GFIDS);
    vgpu_samples_take(&samples, payload, sizeof payload, 1000);
    struct vgpu_sample told = vgpu_samples_of(&samples, 5, 2000);
    CHECK(told.graphics == 1234 && told.copy == UTIL_WHOLE && told.encoder == 0);
    told = vgpu_samples_of(&samples, 5, UINT64_C(4000000000));
    CHECK(told.graphics == 0 && told.copy == 0);
    vgpu_samples_forget(&samples, 5);
    CHECK(vgpu_samples_of(&samples, 5, 2000).graphics == 0);
    put32(payload + SAMPLES_COUNT, UINT32_MAX);
    for (uint32_t bytes = 0; bytes < 200; bytes++) {
        uint8_t *exact = malloc(bytes == 0 ? 1 : bytes);
        CHECK(exact != NULL);
        memcpy(exact, payload, bytes);
        vgpu_samples_take(&samples, exact, bytes, 1000);
        free(exact);
    }
}

int main(void) {
    for (const struct gsp_abi *const *abi = gsp_abi_all(); *abi != NULL; abi++) {
        struct rig *rig = malloc(sizeof *rig);
        CHECK(rig != NULL);
        rig_make(rig, *abi);
        messages_reach_the_plugin(rig);
        refusal_is_an_error_that_passes(rig);
        area_holds_nothing_of_an_earlier_plugin(rig);
        surface_is_told_as_the_plugin_writes_it(rig);
        guest_info_is_text(rig);
        answers_that_mean_harm_do_none(rig);
        answer_to_another_message_breaks_it(rig);
        plugin_that_has_died_is_not_waited_for(rig);
        call_gives_up_when_the_gpu_is_ended(rig);
        rig_end(rig);
        free(rig);
    }
    samples_are_bounded_and_grow_old();
    return 0;
}
