/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of attachments, clients of the firmware, and its logs. */
#include "tck.h"

#include <string.h>

#define MANY 1000

static void attach(struct tck *t) {
    EXPECT_IS(1, t->ops->agreed_version(t->attachment));
    EXPECT(recorder_count(&t->recorder) >= 1);
    EXPECT(recorder_event(&t->recorder, 0).kind == NACRE_EVENT_DRIVER_START);
    EXPECT_IS(NACRE_CLIENT_TOOL, t->ops->owner(t->core));
}

static void attach_refuses(struct tck *t) {
    struct nacre_attachment *attachment = NULL;
    struct nacre_client client = tck_client("bad", NACRE_CLIENT_TOOL, NULL);
    client.oldest_version = client.newest_version = NACRE_CORE_VERSION + 98;
    EXPECT_IS(NACRE_ERR_VERSION, t->ops->attach(t->core, &client, &attachment));
    client = tck_client("bad", NACRE_CLIENT_TOOL, NULL);
    client.oldest_version = 2;
    client.newest_version = 1;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->attach(t->core, &client, &attachment));
    client = tck_client("bad", NACRE_CLIENT_TOOL, NULL);
    client.required = 1ull << 63;
    EXPECT_IS(NACRE_ERR_NOT_SUPPORTED, t->ops->attach(t->core, &client, &attachment));
    client = tck_client("bad", 0, NULL);
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->attach(t->core, &client, &attachment));
    client = tck_client("bad", NACRE_CLIENT_TOOL, NULL);
    client.size = 8;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->attach(t->core, &client, &attachment));
    client = tck_client("", NACRE_CLIENT_TOOL, NULL);
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->attach(t->core, &client, &attachment));
    EXPECT(attachment == NULL);
}

static void version_range_is_negotiated(struct tck *t) {
    struct nacre_attachment *attachment = NULL;
    struct nacre_client client = tck_client("newer", NACRE_CLIENT_TOOL, NULL);
    client.newest_version = NACRE_CORE_VERSION + 98;
    EXPECT_IS(0, t->ops->attach(t->core, &client, &attachment));
    EXPECT_IS(NACRE_CORE_VERSION, t->ops->agreed_version(attachment));
    EXPECT_IS(0, t->ops->detach(attachment));
}

static void one_kind_at_a_time(struct tck *t) {
    char words[256];
    struct nacre_attachment *other = NULL;
    struct nacre_client drm = tck_client("a-drm-driver", NACRE_CLIENT_DRM, NULL);
    struct nacre_client tool = tck_client("a-second-tool", NACRE_CLIENT_TOOL, NULL);
    EXPECT_IS(NACRE_ERR_BUSY, t->ops->attach(t->core, &drm, &other));
    t->ops->last_error(words, sizeof words);
    EXPECT(strstr(words, "nacre-tck") != NULL);
    EXPECT_IS(0, t->ops->attach(t->core, &tool, &other));
    EXPECT_IS(0, t->ops->detach(t->attachment));
    t->attachment = other;
    EXPECT_IS(NACRE_CLIENT_TOOL, t->ops->owner(t->core));
    EXPECT_IS(0, t->ops->detach(other));
    t->attachment = NULL;
    EXPECT_IS(0, t->ops->owner(t->core));
    EXPECT_IS(0, t->ops->attach(t->core, &drm, &t->attachment));
    EXPECT_IS(NACRE_CLIENT_DRM, t->ops->owner(t->core));
}

static void detach(struct tck *t) {
    struct nacre_attachment *attachment = t->attachment;
    uint64_t bytes;
    t->attachment = NULL;
    EXPECT_IS(0, t->ops->detach(attachment));
    uint32_t count = recorder_count(&t->recorder);
    EXPECT(recorder_event(&t->recorder, count - 1).kind == NACRE_EVENT_DRIVER_END);
    EXPECT_IS(NACRE_ERR_STALE, t->ops->detach(attachment));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->get_total_fbmem_size(attachment, &bytes));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->agreed_version(attachment));
    EXPECT(recorder_count(&t->recorder) == count);
}

/* Detaches at the first event after the start, from within the listener. */
struct leaver {
    const struct nacre_core_ops *ops;
    struct nacre_attachment *attachment;
    struct recorder recorder;
    int result;
};

static void leave(void *context, const struct nacre_event *event) {
    struct leaver *leaver = context;
    pthread_mutex_lock(&leaver->recorder.lock);
    leaver->recorder.events[leaver->recorder.count++ % MOST_EVENTS] = *event;
    struct nacre_attachment *attachment = leaver->attachment;
    pthread_mutex_unlock(&leaver->recorder.lock);
    if (event->kind == NACRE_EVENT_SRIOV_CONFIGURE && attachment != NULL) {
        leaver->result = leaver->ops->detach(attachment);
    }
    pthread_mutex_lock(&leaver->recorder.lock);
    pthread_cond_broadcast(&leaver->recorder.told);
    pthread_mutex_unlock(&leaver->recorder.lock);
}

static void detach_by_a_listener(struct tck *t) {
    static struct leaver leaver;
    struct nacre_attachment *attachment = NULL;
    memset(&leaver, 0, sizeof leaver);
    recorder_init(&leaver.recorder);
    leaver.ops = t->ops;
    leaver.result = 1;
    struct nacre_client client = tck_client("leaver", NACRE_CLIENT_TOOL, NULL);
    client.on_event = leave;
    client.context = &leaver;
    EXPECT_IS(0, t->ops->attach(t->core, &client, &attachment));
    pthread_mutex_lock(&leaver.recorder.lock);
    leaver.attachment = attachment;
    pthread_mutex_unlock(&leaver.recorder.lock);
    EXPECT_IS(0, t->ops->sriov_configure(t->core, 0));
    EXPECT(recorder_wait(&leaver.recorder, 0, NACRE_EVENT_DRIVER_END, ANY_CHANNEL) >= 0);
    EXPECT_IS(0, leaver.result);
    EXPECT_IS(NACRE_ERR_STALE, t->ops->detach(attachment));
}

static void nothing_is_lost_in_a_thousand(struct tck *t) {
    uint64_t before;
    uint64_t after;
    EXPECT_IS(0, t->ops->get_total_fbmem_size(t->attachment, &before));
    for (int i = 0; i < MANY; i++) {
        struct nacre_client client = tck_client("again", NACRE_CLIENT_TOOL, NULL);
        struct nacre_fb_request request = {.bytes = before / 8 * 5 / PAGE_BYTES * PAGE_BYTES, .align_bytes = PAGE_BYTES};
        struct nacre_fb_mem_info info;
        struct nacre_attachment *attachment = NULL;
        struct nacre_fb_mem *mem = NULL;
        EXPECT_IS(0, t->ops->attach(t->core, &client, &attachment));
        /* Of this size there is one at a time: what a detach leaves would be missed at once. */
        int result = t->ops->alloc_fbmem(attachment, &request, &mem, &info);
        int gone = t->ops->detach(attachment);
        EXPECT_IS(0, result);
        EXPECT_IS(0, gone);
    }
    EXPECT_IS(0, t->ops->get_total_fbmem_size(t->attachment, &after));
    EXPECT(before == after);
}

static void *come_and_go(void *argument) {
    struct tck *t = argument;
    for (int i = 0; i < 50; i++) {
        struct nacre_client client = tck_client("crowd", NACRE_CLIENT_TOOL, NULL);
        struct nacre_fb_request request = {.bytes = MIB(1), .align_bytes = PAGE_BYTES};
        struct nacre_fb_mem_info info;
        struct nacre_attachment *attachment = NULL;
        struct nacre_fb_mem *mem = NULL;
        if (t->ops->attach(t->core, &client, &attachment) != 0) {
            return argument;
        }
        int result = t->ops->alloc_fbmem(attachment, &request, &mem, &info);
        if (result == 0 && i % 2 == 0) {
            result = t->ops->free_fbmem(mem);
        }
        if (t->ops->detach(attachment) != 0 || result != 0) {
            return argument;
        }
    }
    return NULL;
}

static void clients_of_many_threads(struct tck *t) {
    pthread_t threads[4];
    void *failed = NULL;
    for (int i = 0; i < 4; i++) {
        EXPECT(pthread_create(&threads[i], NULL, come_and_go, t) == 0);
    }
    for (int i = 0; i < 4; i++) {
        void *one;
        pthread_join(threads[i], &one);
        failed = failed == NULL ? one : failed;
    }
    EXPECT(failed == NULL);
}

static void alloc_gsp_client(struct tck *t) {
    struct nacre_gsp_client *first = NULL;
    struct nacre_gsp_client *second = NULL;
    uint32_t handles[2] = {0, 0};
    EXPECT_IS(0, t->ops->alloc_gsp_client(t->attachment, &first));
    EXPECT_IS(0, t->ops->alloc_gsp_client(t->attachment, &second));
    EXPECT_IS(0, t->ops->get_gsp_client_handle(first, &handles[0]));
    EXPECT_IS(0, t->ops->get_gsp_client_handle(second, &handles[1]));
    EXPECT(handles[0] != 0 && handles[1] != 0 && handles[0] != handles[1]);
    EXPECT_IS(0, t->ops->free_gsp_client(first));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->free_gsp_client(first));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->get_gsp_client_handle(first, &handles[0]));
    EXPECT_IS(0, t->ops->free_gsp_client(second));
}

/* HW: NV2080_CTRL_CMD_GPU_GET_NAME_STRING of open-gpu-kernel-modules, ctrl2080gpu.h: flags, then 64 characters. */
#define GET_NAME_STRING 0x20800110u
#define NAME_STRING_BYTES 132u
#define NO_SUCH_CONTROL 0x2080fffeu

static void rm_ctrl(struct tck *t) {
    struct nacre_gsp_client *client = NULL;
    struct nacre_board_info board = {.size = sizeof board};
    void *params = NULL;
    EXPECT_IS(0, t->ops->board_info(t->core, &board));
    EXPECT_IS(0, t->ops->alloc_gsp_client(t->attachment, &client));
    EXPECT_IS(0, t->ops->rm_ctrl_get(client, GET_NAME_STRING, NAME_STRING_BYTES, &params));
    for (uint32_t i = 0; i < NAME_STRING_BYTES; i++) {
        EXPECT(((const uint8_t *)params)[i] == 0);
    }
    EXPECT_IS(0, t->ops->rm_ctrl_rd(client, params));
    EXPECT(strncmp((const char *)params + sizeof(uint32_t), board.name, 64) == 0);
    t->ops->rm_ctrl_done(client, params);

    EXPECT_IS(0, t->ops->rm_ctrl_get(client, NO_SUCH_CONTROL, 16, &params));
    EXPECT_IS(NACRE_ERR_IO, t->ops->rm_ctrl_rd(client, params));
    t->ops->rm_ctrl_done(client, params);
    EXPECT_IS(0, t->ops->rm_ctrl_get(client, NO_SUCH_CONTROL, 16, &params));
    EXPECT_IS(NACRE_ERR_IO, t->ops->rm_ctrl_wr(client, params));
    EXPECT(t->ops->rm_ctrl_get(client, GET_NAME_STRING, UINT32_MAX, &params) < 0);
    EXPECT_IS(0, t->ops->free_gsp_client(client));
    EXPECT_IS(NACRE_ERR_STALE, t->ops->rm_ctrl_get(client, GET_NAME_STRING, 16, &params));
}

static void gsp_log(struct tck *t) {
    int count = t->ops->gsp_log_count(t->attachment);
    char name[32];
    uint8_t bytes[16];
    uint64_t size;
    EXPECT(count >= 1);
    for (int i = 0; i < count; i++) {
        memset(bytes, 0xee, sizeof bytes);
        EXPECT_IS(0, t->ops->gsp_log(t->attachment, (uint32_t)i, name, bytes, 4, &size));
        EXPECT(name[0] != 0 && memchr(name, 0, sizeof name) != NULL);
        EXPECT(size > 0 && bytes[4] == 0xee);
        EXPECT_IS(0, t->ops->gsp_log(t->attachment, (uint32_t)i, name, NULL, 0, &size));
    }
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT,
              t->ops->gsp_log(t->attachment, (uint32_t)count, name, bytes, sizeof bytes, &size));
}

const struct tck_case TCK_ATTACHMENT_CASES[] = {
    {"attach", OPERATION(attach), NO_CAPABILITY, attach},
    {"attach.refuses", OPERATION(attach), NO_CAPABILITY, attach_refuses},
    {"attach.versions", OPERATION(agreed_version), NO_CAPABILITY, version_range_is_negotiated},
    {"attach.one-kind", OPERATION(owner), NO_CAPABILITY, one_kind_at_a_time},
    {"detach", OPERATION(detach), NO_CAPABILITY, detach},
    {"detach.by-listener", OPERATION(sriov_configure), NACRE_CAP_PF_EVENT_DELIVERY, detach_by_a_listener},
    {"attach.thousand", OPERATION(alloc_fbmem), NACRE_CAP_FB_MEM_ALLOC, nothing_is_lost_in_a_thousand},
    {"attach.threads", OPERATION(alloc_fbmem), NACRE_CAP_FB_MEM_ALLOC, clients_of_many_threads},
    {"alloc_gsp_client", OPERATION(alloc_gsp_client), NACRE_CAP_GSP_CLIENT_ALLOC, alloc_gsp_client},
    {"rm_ctrl", OPERATION(rm_ctrl_get), NACRE_CAP_RM_PASS_THROUGH, rm_ctrl},
    {"gsp_log", OPERATION(gsp_log), NACRE_CAP_GSP_LOGS, gsp_log},
    {NULL, 0, 0, NULL},
};
