/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of Nacre's core for C: the same as the Java package dev.nacre.core, whose documentation says more.
 *
 * A table of operations comes with a core. Its first fields are its size in bytes and the version of the interface; an
 * operation that lies beyond the size, or is NULL, is missing, as the bits that capabilities() leaves out say.
 *
 * - Operations that return int give 0 or more, or one of the negative NACRE_ERR numbers, which are errnos of Linux.
 *   last_error() then tells the calling thread why, in words.
 * - Handles are opaque. After the operation that frees one it is stale: an operation that gets a stale handle fails with
 *   NACRE_ERR_STALE, as long as its core is there.
 * - Any thread may call. Listeners are called by one thread of the core's, one event at a time, without any lock held.
 * - All structures have natural alignment on a 64-bit host; reserved fields are 0.
 */
#ifndef NACRE_CORE_H
#define NACRE_CORE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the interface that this file describes. */
#define NACRE_CORE_VERSION 1u

/* Errors. */
#define NACRE_ERR_INVALID_ARGUMENT (-22)
#define NACRE_ERR_NO_SPACE (-28)
#define NACRE_ERR_BUSY (-16)
#define NACRE_ERR_EXISTS (-17)
#define NACRE_ERR_NOT_SUPPORTED (-95)
#define NACRE_ERR_VERSION (-93)
#define NACRE_ERR_STALE (-9)
#define NACRE_ERR_GONE (-19)
#define NACRE_ERR_SUSPENDED (-112)
#define NACRE_ERR_TIMED_OUT (-110)
#define NACRE_ERR_IO (-5)
#define NACRE_ERR_NO_FIRMWARE (-2)
#define NACRE_ERR_NO_MEMORY (-12)

/* Capabilities: bits of the masks. Those below 16 are the Linux kernel's proposed ones. */
#define NACRE_CAP_GSP_CLIENT_ALLOC 0
#define NACRE_CAP_RM_PASS_THROUGH 1
#define NACRE_CAP_CHID_ALLOC 2
#define NACRE_CAP_FB_MEM_ALLOC 3
#define NACRE_CAP_FB_MEM_BAR1_MAP 4
#define NACRE_CAP_CHAN_MEM_MAP 5
#define NACRE_CAP_CE_CHAN_ALLOC 6
#define NACRE_CAP_PUSHBUF_SUBMIT 7
#define NACRE_CAP_PF_EVENT_DELIVERY 8
#define NACRE_CAP_GSP_LOGS 16
#define NACRE_CAP_ADDRESS_SPACES 17
#define NACRE_CAP_MEMORY_OBJECTS 18
#define NACRE_CAP_CHANNELS 19
#define NACRE_CAP_TIMELINES 20
#define NACRE_CAP_FAULT_REPORTS 21
#define NACRE_CAP_SUSPEND 22
#define NACRE_CAP_VGPU_PLUGINS 23
#define NACRE_CAP_DISPLAY 24 /* In Java only: no operation of the table is for it. */

/* Kinds of events. Those below 16 are the Linux kernel's proposed ones. */
#define NACRE_EVENT_DRIVER_START 0
#define NACRE_EVENT_SRIOV_CONFIGURE 1
#define NACRE_EVENT_DRIVER_UNBIND 2
#define NACRE_EVENT_DRIVER_END 3
#define NACRE_EVENT_CHANNEL_START 4
#define NACRE_EVENT_FIFO_NONSTALL 5
#define NACRE_EVENT_CHANNEL_END 6
#define NACRE_EVENT_SUSPEND 16
#define NACRE_EVENT_RESUME 17
#define NACRE_EVENT_FAULT 18
#define NACRE_EVENT_VGPU_NOTICE 19

/* Kinds of clients; only clients of one kind have a GPU at a time. */
#define NACRE_CLIENT_VFIO 1
#define NACRE_CLIENT_DRM 2
#define NACRE_CLIENT_TOOL 3

/* Types of engines. */
#define NACRE_ENGINE_GRAPHICS 1
#define NACRE_ENGINE_COPY 2
#define NACRE_ENGINE_VIDEO_DECODE 3
#define NACRE_ENGINE_VIDEO_ENCODE 4
#define NACRE_ENGINE_JPEG 5
#define NACRE_ENGINE_OPTICAL_FLOW 6
#define NACRE_ENGINE_SEC2 7
#define NACRE_ENGINE_SOFTWARE 8
#define NACRE_ENGINE_OTHER 9

/* Causes of faults. */
#define NACRE_FAULT_MMU 1
#define NACRE_FAULT_PUSHBUFFER 2
#define NACRE_FAULT_ENGINE 3
#define NACRE_FAULT_TIMEOUT 4
#define NACRE_FAULT_OTHER 5

/* Places of memory. */
#define NACRE_PLACEMENT_VRAM 1
#define NACRE_PLACEMENT_SYSTEM 2

/* How the engines' time is divided between virtual GPUs. */
#define NACRE_VGPU_POLICY_BEST_EFFORT 0
#define NACRE_VGPU_POLICY_EQUAL_SHARE 1
#define NACRE_VGPU_POLICY_FIXED_SHARE 2

#define NACRE_MAX_FB_REGIONS 16
#define NACRE_MAX_ENGINE_CLASSES 8
#define NACRE_VGPU_MIN_HEAP_BYTES 0x400000u /* the smallest heap of a virtual GPU's plugin */

struct nacre_core;
struct nacre_attachment;
struct nacre_gsp_client;
struct nacre_chids;
struct nacre_fb_mem;
struct nacre_ce_channel;
struct nacre_address_space;
struct nacre_memory;
struct nacre_channel_group;
struct nacre_channel;
struct nacre_timeline;
struct nacre_vgpu;

/* Something that a client is told; fields that a kind does not use are 0. */
struct nacre_event {
    uint32_t kind;              /* NACRE_EVENT */
    uint32_t channel_id;        /* channel events, faults */
    uint32_t num_vfs;           /* SRIOV_CONFIGURE */
    uint32_t fault_cause;       /* FAULT: NACRE_FAULT */
    uint64_t fault_address;     /* FAULT, if it has one */
    uint32_t has_fault_address; /* 0 or 1 */
    uint32_t vf_index;          /* VGPU_NOTICE */
    uint32_t notify_index;      /* VGPU_NOTICE */
    uint32_t reserved;
};

/* Who wants to use a GPU. Name and structure need to live during attach() only. */
struct nacre_client {
    uint32_t size; /* of this structure */
    uint32_t kind; /* NACRE_CLIENT */
    uint32_t oldest_version;
    uint32_t newest_version;
    uint64_t required; /* mask of capabilities */
    const char *name;
    void (*on_event)(void *context, const struct nacre_event *event); /* may be NULL */
    void *context;
};

struct nacre_fb_region {
    uint64_t offset;
    uint64_t bytes;
};

/* What a GPU is. Strings end with 0. */
struct nacre_board_info {
    uint32_t size; /* of this structure, set by the caller; the core fills no more */
    uint32_t ecc;  /* 0 or 1 */
    char chip[16];
    char name[64];
    char uuid[48];
    char firmware[32];
    uint64_t fb_bytes;
    uint64_t bar1_bytes;
    uint64_t vmmu_segment_bytes;
    uint32_t channels;
    uint32_t vgpu_channels;
    uint32_t fb_region_count;
    uint32_t reserved;
    struct nacre_fb_region fb_regions[NACRE_MAX_FB_REGIONS];
    uint32_t pci_id;        /* vendor, and the device from bit 16 */
    uint32_t pci_subsystem; /* likewise */
    uint32_t pci_class;     /* revision, and the class from bit 8 */
    uint32_t chipset;       /* as NV_PMC_BOOT_0 tells it */
    uint32_t chip_revision; /* likewise */
    uint32_t gpcs;          /* clusters that work: for graphics, */
    uint32_t tpcs;          /* and for textures, of all of those */
    uint32_t reserved2;
};

struct nacre_engine {
    uint32_t type; /* NACRE_ENGINE */
    uint32_t instance;
    uint32_t bit; /* its place in the bitmap of engines */
    uint32_t class_count;
    uint32_t classes[NACRE_MAX_ENGINE_CLASSES]; /* of objects that its channels can have, in ascending order */
};

struct nacre_fb_request {
    uint64_t bytes;
    uint64_t align_bytes; /* a power of two from 4096 */
    uint64_t fixed_offset;
    uint32_t has_fixed_offset; /* 0 or 1 */
    uint32_t reserved;
};

struct nacre_fb_mem_info {
    uint64_t offset;
    uint64_t bytes;
};

struct nacre_map_request {
    uint64_t offset; /* in the memory */
    uint64_t bytes;
    uint32_t huge_pages;   /* 0 or 1 */
    uint32_t compressible; /* 0 or 1 */
};

struct nacre_channel_info {
    uint32_t id;
    uint32_t engine_object; /* what the method SET_OBJECT takes */
};

struct nacre_bind_request {
    uint64_t address;
    struct nacre_memory *memory;
    uint64_t offset;
    uint64_t bytes;
    uint32_t writable; /* 0 or 1 */
    uint32_t page_kind;
};

struct nacre_push {
    uint64_t address;
    uint32_t bytes;
    uint32_t reserved;
};

/* A type of virtual GPU. Strings end with 0. */
struct nacre_vgpu_type {
    uint32_t id; /* from 1 */
    uint32_t max_instances;
    uint32_t heads;
    uint32_t max_width;
    uint32_t max_height;
    uint32_t frame_rate_limit; /* frames in a second; 0 for no limit */
    uint32_t ecc;              /* 0 or 1 */
    uint32_t pci_device_id;
    uint32_t pci_subsystem_id;
    uint32_t encoder_capacity; /* percent */
    uint64_t fb_bytes;
    uint64_t heap_bytes;
    uint64_t fb_reservation_bytes;
    uint64_t bar1_bytes;
    char name[64];      /* 1 to 31 characters of ASCII */
    char kind[64];      /* up to 31 */
    char licenses[256]; /* up to 127 */
};

/* What a virtual GPU is made of. The parts stay the caller's, who frees them after vgpu_stop(). */
struct nacre_vgpu_request {
    uint32_t size; /* of this structure */
    uint32_t vf_index;
    uint32_t pci_address; /* domain, bus, device and function in 16, 8, 5 and 3 bits from the top */
    uint32_t type_id;
    uint32_t process_id; /* from 1 */
    uint32_t reserved;
    uint8_t uuid[16]; /* in the order in which it is written */
    struct nacre_gsp_client *client;
    struct nacre_chids *chids;
    struct nacre_fb_mem *frame_buffer;
    struct nacre_fb_mem *heap;
};

struct nacre_vgpu_guest_info {
    uint32_t driver_loaded; /* 0 or 1 */
    uint32_t reserved;
    uint64_t boot_count;
    char driver_version[64]; /* ends with 0; "" if it is not known */
};

/* What a head shows. */
struct nacre_vgpu_surface {
    uint32_t head;
    uint32_t width;  /* pixels */
    uint32_t height; /* lines */
    uint32_t pitch_bytes;
    uint64_t offset; /* in the guest's memory */
    uint64_t bytes;
    uint32_t format;
    uint32_t block_linear; /* 0 or 1 */
    uint32_t block_height; /* log2 of GOBs */
    uint32_t reserved;
};

/* Shares of the GPU's time in the last second, in hundredths of a percent. */
struct nacre_vgpu_usage {
    uint64_t fb_bytes;
    uint32_t graphics;
    uint32_t copy;
    uint32_t encoder;
    uint32_t decoder;
};

/* The operations of a core. */
struct nacre_core_ops {
    uint32_t size; /* of this table */
    uint32_t version;

    /* Puts why the thread's last operation failed into text, cut to fit and ended with 0; "" if none has. */
    void (*last_error)(char *text, size_t capacity);

    /* The core itself. */
    const char *(*implementation)(struct nacre_core *core);
    uint64_t (*capabilities)(struct nacre_core *core);
    int (*board_info)(struct nacre_core *core, struct nacre_board_info *info);
    int (*vgpu_is_enabled)(struct nacre_core *core);                              /* 0 or 1 */
    int (*owner)(struct nacre_core *core);                                        /* NACRE_CLIENT, or 0 */
    int (*engines)(struct nacre_core *core, struct nacre_engine *to, uint32_t capacity); /* how many there are */
    int (*engine_bitmap_size)(struct nacre_core *core);                           /* bytes */
    int (*engine_bitmap)(struct nacre_core *core, void *bitmap, uint32_t bytes);  /* bit n is in byte n / 8 */
    int (*sriov_configure)(struct nacre_core *core, uint32_t num_vfs);
    int (*suspend)(struct nacre_core *core);
    int (*resume)(struct nacre_core *core);
    void (*close)(struct nacre_core *core); /* ends the core; its handle stays good for this call only */

    /* Attachments. */
    int (*attach)(struct nacre_core *core, const struct nacre_client *client, struct nacre_attachment **attachment);
    int (*detach)(struct nacre_attachment *attachment);
    int (*agreed_version)(struct nacre_attachment *attachment);
    uint64_t (*agreed_capabilities)(struct nacre_attachment *attachment);

    /* Clients of the firmware. Parameters that rm_ctrl_get gives are zeroed; rm_ctrl_wr frees them, whatever it returns;
     * after rm_ctrl_rd they hold the reply, and rm_ctrl_done frees them. */
    int (*alloc_gsp_client)(struct nacre_attachment *attachment, struct nacre_gsp_client **client);
    int (*free_gsp_client)(struct nacre_gsp_client *client);
    int (*get_gsp_client_handle)(struct nacre_gsp_client *client, uint32_t *handle);
    int (*rm_ctrl_get)(struct nacre_gsp_client *client, uint32_t command, uint32_t bytes, void **params);
    int (*rm_ctrl_wr)(struct nacre_gsp_client *client, void *params);
    int (*rm_ctrl_rd)(struct nacre_gsp_client *client, void *params);
    void (*rm_ctrl_done)(struct nacre_gsp_client *client, void *params);

    /* Channel ids that are kept for virtual GPUs. */
    int (*alloc_chids)(struct nacre_attachment *attachment, uint32_t count, struct nacre_chids **chids, uint32_t *first);
    int (*free_chids)(struct nacre_chids *chids);
    int (*get_avail_chids)(struct nacre_attachment *attachment);

    /* Memory of the GPU. */
    int (*alloc_fbmem)(struct nacre_attachment *attachment, const struct nacre_fb_request *request,
                       struct nacre_fb_mem **mem, struct nacre_fb_mem_info *info);
    int (*free_fbmem)(struct nacre_fb_mem *mem);
    int (*get_total_fbmem_size)(struct nacre_attachment *attachment, uint64_t *bytes);
    int (*bar1_map_mem)(struct nacre_fb_mem *mem, const struct nacre_map_request *request, uint64_t *bar1_offset);
    int (*bar1_unmap_mem)(struct nacre_fb_mem *mem);
    int (*bar1_read)(struct nacre_fb_mem *mem, uint64_t offset, void *to, uint64_t bytes); /* offset in the mapped part */
    int (*bar1_write)(struct nacre_fb_mem *mem, uint64_t offset, const void *from, uint64_t bytes);

    /* Channels of a copy engine. chids may be NULL: the core chooses, and index is 0. */
    int (*alloc_ce_channel)(struct nacre_attachment *attachment, struct nacre_chids *chids, uint32_t index,
                            struct nacre_ce_channel **channel, struct nacre_channel_info *info);
    int (*free_ce_channel)(struct nacre_ce_channel *channel);
    int (*channel_map_mem)(struct nacre_ce_channel *channel, struct nacre_fb_mem *mem,
                           const struct nacre_map_request *request, uint64_t *address);
    int (*channel_unmap_mem)(struct nacre_ce_channel *channel, uint64_t address); /* as channel_map_mem gave it */
    int (*begin_pushbuf)(struct nacre_ce_channel *channel, uint32_t dwords);
    int (*emit_pushbuf)(struct nacre_ce_channel *channel, uint32_t dword);
    int (*submit_pushbuf)(struct nacre_ce_channel *channel);

    /* Logs of the firmware: how many; and one, of which as much is copied as fits, and whose whole size is given. */
    int (*gsp_log_count)(struct nacre_attachment *attachment);
    int (*gsp_log)(struct nacre_attachment *attachment, uint32_t index, char name[32], void *to, uint64_t capacity,
                   uint64_t *bytes);

    /* For DRM drivers. */
    int (*address_space_create)(struct nacre_attachment *attachment, struct nacre_address_space **space,
                                uint32_t *address_bits);
    int (*address_space_free)(struct nacre_address_space *space);
    int (*bind)(struct nacre_address_space *space, const struct nacre_bind_request *request);
    int (*bind_sparse)(struct nacre_address_space *space, uint64_t address, uint64_t bytes); /* reads zeros, drops writes */
    int (*unbind)(struct nacre_address_space *space, uint64_t address, uint64_t bytes);
    int (*memory_create)(struct nacre_attachment *attachment, uint64_t bytes, uint32_t placement,
                         struct nacre_memory **memory);
    int (*memory_free)(struct nacre_memory *memory);
    int (*memory_fd)(struct nacre_memory *memory); /* of NACRE_PLACEMENT_SYSTEM; stays the memory's */
    int (*memory_read)(struct nacre_memory *memory, uint64_t offset, void *to, uint64_t bytes);
    int (*memory_write)(struct nacre_memory *memory, uint64_t offset, const void *from, uint64_t bytes);
    int (*channel_group_create)(struct nacre_attachment *attachment, struct nacre_address_space *space,
                                uint32_t engine_bit, struct nacre_channel_group **group);
    int (*channel_group_free)(struct nacre_channel_group *group);
    int (*channel_create)(struct nacre_channel_group *group, struct nacre_channel **channel,
                          struct nacre_channel_info *info);
    int (*channel_free)(struct nacre_channel *channel);
    int (*channel_submit)(struct nacre_channel *channel, const struct nacre_push *pushes, uint32_t count,
                          struct nacre_timeline *timeline, uint64_t point);
    int (*timeline_create)(struct nacre_attachment *attachment, struct nacre_timeline **timeline);
    int (*timeline_free)(struct nacre_timeline *timeline);
    int (*timeline_value)(struct nacre_timeline *timeline, uint64_t *value);
    int (*timeline_wait)(struct nacre_timeline *timeline, uint64_t point, uint64_t timeout_ns); /* 1 if reached, 0 if not */
    int (*timeline_signal)(struct nacre_timeline *timeline, uint64_t point);

    /* Virtual GPUs. Types replace those of before. vgpu_stop() ends one, whether or not its plugin takes part. Logs are as
     * those of the firmware. */
    int (*vgpu_define_types)(struct nacre_attachment *attachment, const struct nacre_vgpu_type *types, uint32_t count,
                             uint32_t heterogeneous); /* 0 or 1 */
    int (*vgpu_start)(struct nacre_attachment *attachment, const struct nacre_vgpu_request *request,
                      struct nacre_vgpu **vgpu);
    int (*vgpu_reset)(struct nacre_vgpu *vgpu);
    int (*vgpu_bus_master)(struct nacre_vgpu *vgpu, uint32_t enabled, uint32_t allowed); /* 0 or 1 */
    int (*vgpu_guest_info)(struct nacre_vgpu *vgpu, struct nacre_vgpu_guest_info *info);
    int (*vgpu_surfaces)(struct nacre_vgpu *vgpu, struct nacre_vgpu_surface *to, uint32_t capacity); /* how many there are */
    int (*vgpu_usage)(struct nacre_vgpu *vgpu, struct nacre_vgpu_usage *usage);
    int (*vgpu_log_count)(struct nacre_vgpu *vgpu);
    int (*vgpu_log)(struct nacre_vgpu *vgpu, uint32_t index, char name[32], void *to, uint64_t capacity,
                    uint64_t *bytes);
    int (*vgpu_stop)(struct nacre_vgpu *vgpu);
};

/*
 * What the C core is given to reach a GPU. It calls from any thread, several at a time. A GPU that has gone reads as all
 * ones and drops writes.
 */
struct nacre_platform {
    uint32_t size; /* of this table */
    uint32_t version;
    void *context;
    uint32_t (*read32)(void *context, uint32_t region, uint64_t offset); /* regions 0 to 5: BARs; 7: configuration space */
    void (*write32)(void *context, uint32_t region, uint64_t offset, uint32_t value);
    int (*read)(void *context, uint32_t region, uint64_t offset, void *to, uint64_t bytes);
    int (*write)(void *context, uint32_t region, uint64_t offset, const void *from, uint64_t bytes);
    uint64_t (*region_bytes)(void *context, uint32_t region);
    int (*is_gone)(void *context);
    void (*reset)(void *context);
    /* Memory that the GPU reaches at *iova, zeroed, in whole pages of 4096 bytes. */
    int (*dma_alloc)(void *context, uint64_t bytes, void **cpu, uint64_t *iova);
    void (*dma_free)(void *context, uint64_t iova);
    /* An eventfd that the GPU's first message-signalled interrupt adds to; the platform's, good until the core has ended. */
    int (*interrupt_fd)(void *context);
    /* A firmware file by its path, such as "nvidia/ad102/gsp/gsp-570.144.bin"; the memory is the platform's, good until
     * the core has ended. NACRE_ERR_NO_FIRMWARE if there is none. */
    int (*firmware)(void *context, const char *path, const void **data, uint64_t *bytes);
    /* A line for the log; level 0 error, 1 warning, 2 information, 3 debugging. */
    void (*log)(void *context, int level, const char *line);
};

struct nacre_core_config {
    uint32_t size; /* of this structure */
    uint32_t vgpu; /* 0 or 1: whether to share the GPU, if it can be */
    uint32_t vgpu_channels;
    uint32_t vgpu_policy;   /* NACRE_VGPU_POLICY */
    uint32_t vgpu_slice_ms; /* 1 to 30; 0 for the firmware's choice */
    uint32_t reserved;
};

/* What libnacre_core.so exports: the C core. */
const struct nacre_core_ops *nacre_core_ops(void);
/* The names of the chips that it can boot, such as "AD102"; the list ends with NULL. */
const char *const *nacre_core_chips(void);
/* Whether it knows a function: 0 or 1. */
int nacre_core_supports(uint32_t vendor, uint32_t device, uint32_t class_code);
/* Boots a GPU. Platform and configuration need to live as long as the core; on failure the GPU is as after a reset. */
int nacre_core_open(const struct nacre_platform *platform, const struct nacre_core_config *config,
                    struct nacre_core **core);

#ifdef __cplusplus
}
#endif

#endif
