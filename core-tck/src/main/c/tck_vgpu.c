/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of virtual GPUs. */
#include "tck.h"

#include <string.h>

#define TYPE_ID 7u
#define CHANNELS 32u
#define HEAP_BYTES MIB(8)
#define MOST_SURFACES 16
#define MOST_TYPES 64

/* What a virtual GPU is made of. */
struct parts {
    struct nacre_gsp_client *client;
    struct nacre_chids *chids;
    struct nacre_fb_mem *frame_buffer;
    struct nacre_fb_mem *heap;
};

static struct nacre_vgpu_type make_type(uint32_t id) {
    struct nacre_vgpu_type type = {
        .id = id,
        .max_instances = 4,
        .heads = 1,
        .max_width = 1920,
        .max_height = 1080,
        .frame_rate_limit = 60,
        .ecc = 1,
        .pci_device_id = 0x26b5,
        .pci_subsystem_id = 0x176d,
        .encoder_capacity = 100,
        .fb_bytes = MIB(512),
        .heap_bytes = HEAP_BYTES,
        .bar1_bytes = MIB(256),
        .name = "NVIDIA TCK-1Q",
        .kind = "Quadro",
        .licenses = "Quadro-Virtual-DWS,5.0",
    };
    return type;
}

/* Whether the GPU is shared; a core refuses what follows if it is not. */
static bool is_shared(struct tck *t) {
    struct nacre_vgpu_type type = make_type(TYPE_ID);
    if (t->ops->vgpu_is_enabled(t->core) == 1) {
        return true;
    }
    if (tck_is(t, __FILE__, __LINE__, "vgpu_define_types", NACRE_ERR_NOT_SUPPORTED,
               t->ops->vgpu_define_types(t->attachment, &type, 1, 0))) {
        tck_skip(t, "the GPU is not shared");
    }
    return false;
}

static void define_types(struct tck *t) {
    struct nacre_vgpu_type types[MOST_TYPES + 1];
    if (!is_shared(t)) {
        return;
    }
    for (uint32_t i = 0; i <= MOST_TYPES; i++) {
        types[i] = make_type(i + 1);
    }
    EXPECT_IS(0, t->ops->vgpu_define_types(t->attachment, types, MOST_TYPES, 1));
    EXPECT_IS(0, t->ops->vgpu_define_types(t->attachment, types, 1, 0));
    EXPECT_IS(0, t->ops->vgpu_define_types(t->attachment, types, 0, 0));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, MOST_TYPES + 1, 0));
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, NULL, 1, 0));
}

static void define_types_refuses(struct tck *t) {
    struct nacre_vgpu_type types[2] = {make_type(1), make_type(1)};
    if (!is_shared(t)) {
        return;
    }
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, 2, 0));
    types[0].id = 0;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, 1, 0));
    types[0] = make_type(1);
    types[0].name[0] = 0;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, 1, 0));
    types[0] = make_type(1);
    memset(types[0].name, 'x', 32);
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, 1, 0));
    types[0] = make_type(1);
    memset(types[0].licenses, 'x', 128);
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, 1, 0));
    types[0] = make_type(1);
    types[0].bar1_bytes = MIB(96);
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, 1, 0));
    types[0] = make_type(1);
    types[0].encoder_capacity = 101;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_define_types(t->attachment, types, 1, 0));
}

static bool take_parts(struct tck *t, struct parts *parts) {
    struct nacre_board_info info = {.size = sizeof info};
    struct nacre_fb_mem_info mem;
    uint32_t first;
    memset(parts, 0, sizeof *parts);
    if (!tck_is(t, __FILE__, __LINE__, "board_info", 0, t->ops->board_info(t->core, &info)) ||
        !tck_is(t, __FILE__, __LINE__, "alloc_gsp_client", 0,
                t->ops->alloc_gsp_client(t->attachment, &parts->client)) ||
        !tck_is(t, __FILE__, __LINE__, "alloc_chids", 0,
                t->ops->alloc_chids(t->attachment, CHANNELS, &parts->chids, &first))) {
        return false;
    }
    struct nacre_fb_request request = {.bytes = MIB(512), .align_bytes = info.vmmu_segment_bytes};
    parts->heap = tck_memory(t, HEAP_BYTES);
    return parts->heap != NULL && tck_is(t, __FILE__, __LINE__, "alloc_fbmem", 0,
                                         t->ops->alloc_fbmem(t->attachment, &request, &parts->frame_buffer, &mem));
}

static bool free_parts(struct tck *t, const struct parts *parts) {
    return tck_is(t, __FILE__, __LINE__, "free_fbmem", 0, t->ops->free_fbmem(parts->heap)) &&
           tck_is(t, __FILE__, __LINE__, "free_fbmem", 0, t->ops->free_fbmem(parts->frame_buffer)) &&
           tck_is(t, __FILE__, __LINE__, "free_chids", 0, t->ops->free_chids(parts->chids)) &&
           tck_is(t, __FILE__, __LINE__, "free_gsp_client", 0, t->ops->free_gsp_client(parts->client));
}

static struct nacre_vgpu_request make_request(const struct parts *parts, uint32_t vf_index) {
    struct nacre_vgpu_request request = {
        .size = sizeof request,
        .vf_index = vf_index,
        .pci_address = 4 + vf_index,
        .type_id = TYPE_ID,
        .process_id = 4711,
        .uuid = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10},
        .client = parts->client,
        .chids = parts->chids,
        .frame_buffer = parts->frame_buffer,
        .heap = parts->heap,
    };
    return request;
}

/* Defines a type, takes parts and has virtual functions; false if the case ends. */
static bool set_up(struct tck *t, struct parts *parts) {
    struct nacre_vgpu_type type = make_type(TYPE_ID);
    return is_shared(t) &&
           tck_is(t, __FILE__, __LINE__, "vgpu_define_types", 0,
                  t->ops->vgpu_define_types(t->attachment, &type, 1, 0)) &&
           take_parts(t, parts);
}

static void use(struct tck *t, struct nacre_vgpu *vgpu) {
    struct nacre_vgpu_guest_info info;
    struct nacre_vgpu_surface surfaces[MOST_SURFACES];
    struct nacre_vgpu_usage usage;
    memset(&info, 0xee, sizeof info);
    memset(&usage, 0xee, sizeof usage);
    EXPECT_IS(0, t->ops->vgpu_bus_master(vgpu, 1, 0));
    EXPECT_IS(0, t->ops->vgpu_guest_info(vgpu, &info));
    EXPECT(info.driver_loaded == 0 && info.boot_count == 0);
    EXPECT(memchr(info.driver_version, 0, sizeof info.driver_version) != NULL);
    EXPECT_IS(0, t->ops->vgpu_surfaces(vgpu, surfaces, MOST_SURFACES));
    EXPECT_IS(0, t->ops->vgpu_usage(vgpu, &usage));
    EXPECT(usage.fb_bytes <= MIB(512) && usage.graphics <= 10000 && usage.copy <= 10000);
    EXPECT(usage.encoder <= 10000 && usage.decoder <= 10000);
    EXPECT_IS(0, t->ops->vgpu_reset(vgpu));
    EXPECT(t->ops->vgpu_guest_info(vgpu, NULL) < 0 && t->ops->vgpu_usage(vgpu, NULL) < 0);
}

static void logs(struct tck *t, struct nacre_vgpu *vgpu) {
    static const char *const NAMES[] = {"init", "vgpu", "kernel"};
    int count = t->ops->vgpu_log_count(vgpu);
    EXPECT(count >= 2 && count <= 3);
    for (int i = 0; i < count; i++) {
        char name[32];
        uint8_t bytes[8];
        uint64_t size = 0;
        memset(bytes, 0xee, sizeof bytes);
        EXPECT_IS(0, t->ops->vgpu_log(vgpu, (uint32_t)i, name, bytes, 4, &size));
        EXPECT(strcmp(name, NAMES[i]) == 0 && size > 0 && bytes[4] == 0xee);
    }
    EXPECT(t->ops->vgpu_log(vgpu, (uint32_t)count, NULL, NULL, 0, NULL) < 0);
}

static void start(struct tck *t) {
    struct parts parts;
    struct parts more;
    struct nacre_vgpu *vgpu = NULL;
    struct nacre_vgpu *other = NULL;
    struct nacre_vgpu_type type = make_type(TYPE_ID);
    if (!set_up(t, &parts) || !take_parts(t, &more)) {
        return;
    }
    struct nacre_vgpu_request request = make_request(&parts, 0);
    struct nacre_vgpu_request same_function = make_request(&more, 0);
    for (int i = 0; i < 2; i++) {
        EXPECT_IS(0, t->ops->vgpu_start(t->attachment, &request, &vgpu));
        use(t, vgpu);
        if (!t->failed) {
            logs(t, vgpu);
        }
        if (t->failed) {
            return;
        }
        EXPECT_IS(NACRE_ERR_EXISTS, t->ops->vgpu_start(t->attachment, &same_function, &other));
        EXPECT_IS(NACRE_ERR_BUSY, t->ops->vgpu_define_types(t->attachment, &type, 1, 0));
        EXPECT_IS(NACRE_ERR_BUSY, t->ops->free_fbmem(parts.heap));
        EXPECT_IS(NACRE_ERR_BUSY, t->ops->free_chids(parts.chids));
        EXPECT_IS(0, t->ops->vgpu_stop(vgpu));
        EXPECT_IS(NACRE_ERR_STALE, t->ops->vgpu_stop(vgpu));
        EXPECT_IS(NACRE_ERR_STALE, t->ops->vgpu_reset(vgpu));
        EXPECT_IS(NACRE_ERR_STALE, t->ops->vgpu_bus_master(vgpu, 0, 0));
    }
    EXPECT(free_parts(t, &parts) && free_parts(t, &more));
}

static void start_refuses(struct tck *t) {
    struct parts parts;
    struct nacre_vgpu *vgpu = NULL;
    if (!set_up(t, &parts)) {
        return;
    }
    struct nacre_vgpu_request request = make_request(&parts, 0);
    request.type_id = TYPE_ID + 1;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_start(t->attachment, &request, &vgpu));
    request = make_request(&parts, 1000);
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_start(t->attachment, &request, &vgpu));
    request = make_request(&parts, 0);
    request.process_id = 0;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_start(t->attachment, &request, &vgpu));
    request = make_request(&parts, 0);
    request.heap = parts.frame_buffer;
    request.frame_buffer = parts.heap;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_start(t->attachment, &request, &vgpu));
    request = make_request(&parts, 0);
    request.size = 8;
    EXPECT_IS(NACRE_ERR_INVALID_ARGUMENT, t->ops->vgpu_start(t->attachment, &request, &vgpu));
    request = make_request(&parts, 0);
    request.chids = NULL;
    EXPECT_IS(NACRE_ERR_STALE, t->ops->vgpu_start(t->attachment, &request, &vgpu));
    EXPECT(vgpu == NULL);
    EXPECT(free_parts(t, &parts));
}

/* A detach ends what its client has left. */
static void detach_ends_them(struct tck *t) {
    struct parts parts;
    struct nacre_vgpu *vgpu = NULL;
    if (!set_up(t, &parts)) {
        return;
    }
    struct nacre_vgpu_request request = make_request(&parts, 1);
    EXPECT_IS(0, t->ops->vgpu_start(t->attachment, &request, &vgpu));
    EXPECT_IS(0, t->ops->detach(t->attachment));
    t->attachment = NULL;
    EXPECT_IS(NACRE_ERR_STALE, t->ops->vgpu_stop(vgpu));
}

const struct tck_case TCK_VGPU_CASES[] = {
    {"vgpu_define_types", OPERATION(vgpu_define_types), NACRE_CAP_VGPU_PLUGINS, define_types},
    {"vgpu_define_types.refuses", OPERATION(vgpu_define_types), NACRE_CAP_VGPU_PLUGINS, define_types_refuses},
    {"vgpu_start", OPERATION(vgpu_stop), NACRE_CAP_VGPU_PLUGINS, start},
    {"vgpu_start.refuses", OPERATION(vgpu_stop), NACRE_CAP_VGPU_PLUGINS, start_refuses},
    {"vgpu_start.detach", OPERATION(vgpu_stop), NACRE_CAP_VGPU_PLUGINS, detach_ends_them},
    {NULL, 0, 0, NULL},
};
