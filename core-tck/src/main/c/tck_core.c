/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of what a core tells of itself. */
#include "tck.h"

#include <string.h>

#define MOST_ENGINES 64

static void table(struct tck *t) {
    EXPECT(t->ops->version == NACRE_CORE_VERSION);
    EXPECT(t->ops->size >= OPERATION(agreed_capabilities) + sizeof(void *));
    EXPECT(tck_has(t, OPERATION(close)) && tck_has(t, OPERATION(attach)) && tck_has(t, OPERATION(detach)));
}

static void last_error(struct tck *t) {
    char words[8];
    struct nacre_client client = tck_client("nacre-tck", 99, NULL);
    struct nacre_attachment *attachment = NULL;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->attach(t->core, &client, &attachment));
    memset(words, 'x', sizeof words);
    t->ops->last_error(words, sizeof words);
    EXPECT(words[0] != 0 && words[0] != 'x');
    EXPECT(memchr(words, 0, sizeof words) != NULL);
    memset(words, 'x', sizeof words);
    t->ops->last_error(words, 1);
    EXPECT(words[0] == 0 && words[1] == 'x');
}

static void implementation(struct tck *t) {
    const char *name = t->ops->implementation(t->core);
    EXPECT(name != NULL && name[0] != 0 && strlen(name) < 32);
}

static void capabilities(struct tck *t) {
    EXPECT(t->ops->capabilities(t->core) == t->capabilities);
    EXPECT((t->ops->agreed_capabilities(t->attachment) & ~t->capabilities) == 0);
}

static void board_info(struct tck *t) {
    struct nacre_board_info info;
    memset(&info, 0xee, sizeof info);
    info.size = sizeof info;
    EXPECT_IS(0, t->ops->board_info(t->core, &info));
    EXPECT(info.ecc <= 1);
    EXPECT(info.chip[0] != 0 && memchr(info.chip, 0, sizeof info.chip) != NULL);
    EXPECT(memchr(info.name, 0, sizeof info.name) != NULL);
    EXPECT(memchr(info.uuid, 0, sizeof info.uuid) != NULL && strncmp(info.uuid, "GPU-", 4) == 0);
    EXPECT(info.firmware[0] != 0 && memchr(info.firmware, 0, sizeof info.firmware) != NULL);
    EXPECT(info.fb_bytes > 0 && info.bar1_bytes > 0 && info.channels > 0);
    EXPECT(info.vgpu_channels <= info.channels);
    EXPECT((info.vmmu_segment_bytes & (info.vmmu_segment_bytes - 1)) == 0);
    EXPECT((info.pci_id & 0xffff) == 0x10de && info.pci_id >> 16 != 0 && info.pci_class >> 24 == 0x03);
    EXPECT(info.chipset > 0 && info.chipset < 0x200 && info.chip_revision <= 0xff);
    EXPECT(info.gpcs >= 1 && info.tpcs >= info.gpcs && info.reserved == 0 && info.reserved2 == 0);
    EXPECT(info.fb_region_count >= 1 && info.fb_region_count <= NACRE_MAX_FB_REGIONS);
    for (uint32_t i = 0; i < info.fb_region_count; i++) {
        EXPECT(info.fb_regions[i].offset < info.fb_bytes);
        EXPECT(info.fb_regions[i].bytes <= info.fb_bytes - info.fb_regions[i].offset);
    }
}

/* A caller of an older header has a shorter structure. */
static void board_info_of_a_shorter_structure(struct tck *t) {
    struct nacre_board_info info;
    memset(&info, 0xee, sizeof info);
    info.size = offsetof(struct nacre_board_info, name);
    EXPECT_IS(0, t->ops->board_info(t->core, &info));
    EXPECT(info.chip[0] != 0 && info.chip[0] != (char)0xee);
    for (size_t i = 0; i < sizeof info.name; i++) {
        EXPECT(info.name[i] == (char)0xee);
    }
}

static void vgpu_is_enabled(struct tck *t) {
    int enabled = t->ops->vgpu_is_enabled(t->core);
    EXPECT(enabled == 0 || enabled == 1);
}

static void engines(struct tck *t) {
    struct nacre_engine all[MOST_ENGINES];
    int count = t->ops->engines(t->core, NULL, 0);
    bool has_copy = false;
    EXPECT(count >= 1 && count <= MOST_ENGINES);
    memset(all, 0xee, sizeof all);
    EXPECT_IS(count, t->ops->engines(t->core, all, 1));
    EXPECT(all[1].type == 0xeeeeeeee);
    EXPECT_IS(count, t->ops->engines(t->core, all, MOST_ENGINES));
    for (int i = 0; i < count; i++) {
        EXPECT(all[i].type >= NACRE_ENGINE_GRAPHICS && all[i].type <= NACRE_ENGINE_OTHER);
        EXPECT(i == 0 || all[i].bit > all[i - 1].bit);
        has_copy |= all[i].type == NACRE_ENGINE_COPY;
        EXPECT(all[i].class_count <= NACRE_MAX_ENGINE_CLASSES);
        EXPECT(all[i].class_count >= 1 || all[i].type != NACRE_ENGINE_COPY);
        for (uint32_t k = 1; k < all[i].class_count && k < NACRE_MAX_ENGINE_CLASSES; k++) {
            EXPECT(all[i].classes[k] > all[i].classes[k - 1]);
        }
    }
    EXPECT(has_copy);
}

static void engine_bitmap(struct tck *t) {
    struct nacre_engine all[MOST_ENGINES];
    uint8_t bitmap[64];
    int count = t->ops->engines(t->core, all, MOST_ENGINES);
    int bytes = t->ops->engine_bitmap_size(t->core);
    int bits = 0;
    EXPECT(bytes >= 1 && bytes <= (int)sizeof bitmap);
    memset(bitmap, 0, sizeof bitmap);
    EXPECT_IS(0, t->ops->engine_bitmap(t->core, bitmap, (uint32_t)bytes));
    for (int bit = 0; bit < bytes * 8; bit++) {
        bits += bitmap[bit / 8] >> bit % 8 & 1;
    }
    EXPECT(bits == count);
    for (int i = 0; i < count; i++) {
        EXPECT(bitmap[all[i].bit / 8] >> all[i].bit % 8 & 1);
    }
    EXPECT(t->ops->engine_bitmap(t->core, bitmap, 0) < 0);
}

static void sriov_configure(struct tck *t) {
    if (t->ops->vgpu_is_enabled(t->core) == 0) {
        EXPECT_IS(NACRE_ERR_NOT_SUPPORTED, t->ops->sriov_configure(t->core, 1));
        return;
    }
    uint32_t from = recorder_count(&t->recorder);
    EXPECT_IS(0, t->ops->sriov_configure(t->core, 2));
    EXPECT_IS(0, t->ops->sriov_configure(t->core, 0));
    int first = recorder_wait(&t->recorder, from, NACRE_EVENT_SRIOV_CONFIGURE, ANY_CHANNEL);
    EXPECT(first >= 0);
    EXPECT(recorder_event(&t->recorder, (uint32_t)first).num_vfs == 2);
    int second = recorder_wait(&t->recorder, (uint32_t)first + 1, NACRE_EVENT_SRIOV_CONFIGURE, ANY_CHANNEL);
    EXPECT(second >= 0);
    EXPECT(recorder_event(&t->recorder, (uint32_t)second).num_vfs == 0);
}

static void suspend(struct tck *t) {
    struct nacre_gsp_client *client = NULL;
    uint32_t from = recorder_count(&t->recorder);
    struct nacre_fb_mem *mem = tck_memory(t, PAGE_BYTES);
    EXPECT(mem != NULL);
    EXPECT_IS(0, t->ops->resume(t->core));
    EXPECT_IS(0, t->ops->suspend(t->core));
    EXPECT_IS(NACRE_ERR_SUSPENDED, t->ops->alloc_gsp_client(t->attachment, &client));
    EXPECT_IS(0, t->ops->resume(t->core));
    int slept = recorder_wait(&t->recorder, from, NACRE_EVENT_SUSPEND, ANY_CHANNEL);
    EXPECT(slept >= 0);
    EXPECT(recorder_wait(&t->recorder, (uint32_t)slept + 1, NACRE_EVENT_RESUME, ANY_CHANNEL) >= 0);
    EXPECT_IS(0, t->ops->alloc_gsp_client(t->attachment, &client));
    EXPECT_IS(0, t->ops->free_gsp_client(client));
    EXPECT_IS(0, t->ops->free_fbmem(mem));
}

/* A core may do it, or have it wait for the resume. */
static void detach_while_suspended(struct tck *t) {
    EXPECT(tck_memory(t, PAGE_BYTES) != NULL);
    EXPECT_IS(0, t->ops->suspend(t->core));
    int result = t->ops->detach(t->attachment);
    EXPECT(result == 0 || result == NACRE_ERR_SUSPENDED);
    EXPECT_IS(0, t->ops->resume(t->core));
    if (result == 0) {
        t->attachment = NULL;
    }
}

const struct tck_case TCK_CORE_CASES[] = {
    {"table", 0, NO_CAPABILITY, table},
    {"last_error", OPERATION(last_error), NO_CAPABILITY, last_error},
    {"implementation", OPERATION(implementation), NO_CAPABILITY, implementation},
    {"capabilities", OPERATION(capabilities), NO_CAPABILITY, capabilities},
    {"board_info", OPERATION(board_info), NO_CAPABILITY, board_info},
    {"board_info.shorter", OPERATION(board_info), NO_CAPABILITY, board_info_of_a_shorter_structure},
    {"vgpu_is_enabled", OPERATION(vgpu_is_enabled), NO_CAPABILITY, vgpu_is_enabled},
    {"engines", OPERATION(engines), NO_CAPABILITY, engines},
    {"engine_bitmap", OPERATION(engine_bitmap), NO_CAPABILITY, engine_bitmap},
    {"sriov_configure", OPERATION(sriov_configure), NACRE_CAP_PF_EVENT_DELIVERY, sriov_configure},
    {"suspend", OPERATION(suspend), NACRE_CAP_SUSPEND, suspend},
    {"suspend.detach", OPERATION(suspend), NACRE_CAP_SUSPEND, detach_while_suspended},
    {NULL, 0, 0, NULL},
};
