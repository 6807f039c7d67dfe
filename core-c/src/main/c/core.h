/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A core: a booted GPU and everything that is shared of it.
 *
 * Locks, in the order in which they are taken: the core's lock, which is held while an operation runs, also while it
 * waits for the firmware; those of rpc.h; the lock of channels; those of events and of the window to memory. Listeners
 * run, and waits for them or for channels happen, with none of them.
 */
#ifndef NACRE_CORE_INTERNAL_H
#define NACRE_CORE_INTERNAL_H

#include "capabilities.h"
#include "chid_alloc.h"
#include "events.h"
#include "fb_alloc.h"
#include "gpu.h"
#include "handle.h"
#include "push_ring.h"
#include "thread.h"
#include "vgpu_samples.h"
#include "vmm.h"

enum core_state {
    CORE_RUNNING,
    CORE_SUSPENDED,
    CORE_GONE, /* the GPU did not come back */
};

struct attachment;

/* What a client has allocated. The first field of each kind. */
struct object {
    struct object *next;
    struct object *previous;
    enum handle_kind kind;
    uint32_t users; /* virtual GPUs that it is a part of */
    struct attachment *attachment; /* NULL once it is to be freed as soon as the GPU is awake */
    void *handle;
};

struct attachment {
    struct attachment *next;
    void *handle;
    uint32_t kind;
    uint32_t version;
    uint64_t capabilities;
    struct listener *listener;
    struct object *objects;
    bool is_ending;
    char name[64];
};

struct ce_channel;
struct vgpu;

#define VGPU_TYPES 64u
enum plugin_state {
    PLUGIN_NONE,
    PLUGIN_LIVES,
    PLUGIN_DIED, /* it has said so */
};

/* Channels that exist, as the interrupt thread finds them. */
struct channels {
    pthread_mutex_t lock;
    pthread_cond_t moved; /* one has got further, failed or ended */
    struct ce_channel *first;
};

struct core {
    uint32_t holds; /* operations that run; handle.c guards it */
    const struct nacre_platform *platform;
    void *handle;
    pthread_mutex_t lock;
    pthread_cond_t detached;
    enum core_state state;
    bool is_closing;
    bool is_changing; /* a suspend or a resume is under way */
    uint32_t vgpu_channels;
    struct gpu gpu;
    struct fb_alloc fb;
    struct chid_alloc chids;
    struct vmm bar1;
    struct ranges bar1_space;
    uint64_t bar1_bytes;
    uint32_t pci_id; /* as its configuration space has it, like what follows */
    uint32_t pci_subsystem;
    uint32_t pci_class;
    struct channels channels;
    struct vgpu_samples samples;
    uint32_t vgpu_types[VGPU_TYPES]; /* numbers of those that the firmware knows */
    uint32_t vgpu_type_count;
    bool vgpu_types_mix;     /* whether virtual GPUs of different types may exist at a time */
    uint32_t vgpu_count;     /* that exist */
    uint8_t plugins[VGPU_GFIDS]; /* PLUGIN_, by the function's number; atomic */
    pthread_cond_t vgpu_moved; /* one is free for a call, or has ended */
    struct events *events;
    struct attachment *attachments;
    struct object *orphans; /* freed while the GPU slept */
};

/* A range of channel ids. */
struct chids {
    struct object object;
    uint32_t first;
    uint32_t count;
    uint32_t used; /* channels that have one */
};

struct fb_mem {
    struct object object;
    struct nacre_fb_mem_info info;
    uint32_t mappings; /* in channels */
    bool is_mapped;    /* in BAR 1 */
    uint64_t bar1_offset;
    uint64_t bar1_bytes;
};

/* core.c */
int core_open(const struct nacre_platform *platform, const struct nacre_core_config *config, struct core **core);
bool core_is_gpu_there(struct core *core);
/* 0, NACRE_ERR_GONE or NACRE_ERR_SUSPENDED. With the lock. */
int core_check(struct core *core);
/* Holds and locks the core of a handle; NACRE_ERR_GONE if it was closed. core_leave ends that. */
int core_enter(const struct nacre_core *handle, struct core **core);
void core_leave(struct core *core);
extern const struct nacre_core_ops CORE_OPS;

/* sleep.c */
int core_suspend(struct nacre_core *handle);
int core_resume(struct nacre_core *handle);

/* attachment.c */
/* Holds and locks the core of an object's handle, checks that the client may use the capability, and that the GPU is
 * there if it is needed. core_leave ends that. */
int object_enter(const void *handle, enum handle_kind kind, int capability, bool needs_gpu, struct core **core,
                 void **object);
#define NO_CAPABILITY (-1)
/* An object of an attachment's own by its handle: NACRE_ERR_STALE if it was freed, NACRE_ERR_INVALID_ARGUMENT if it is
 * another's. */
int object_find(const struct attachment *attachment, const void *handle, enum handle_kind kind, void **object);
/* NACRE_ERR_BUSY if it is a part of a virtual GPU. */
int object_check_unused(const struct object *object);
/* Gives an object its handle and its owner. */
int object_add(struct core *core, struct attachment *attachment, enum handle_kind kind, struct object *object);
/* Makes its handle stale and frees it, or has it wait until the GPU is awake. */
void object_remove(struct core *core, struct object *object);
void objects_free_orphans(struct core *core);
int attachment_attach(struct nacre_core *core, const struct nacre_client *client, struct nacre_attachment **attachment);
int attachment_detach(struct nacre_attachment *attachment);
int attachment_version(struct nacre_attachment *attachment);
uint64_t attachment_capabilities(struct nacre_attachment *attachment);
/* Ends one, whoever has it. With the lock, which is left meanwhile. */
void attachment_end(struct core *core, struct attachment *attachment);

/* fb_mem.c, bar1.c */
int fb_mem_alloc(struct nacre_attachment *attachment, const struct nacre_fb_request *request, struct nacre_fb_mem **mem,
                 struct nacre_fb_mem_info *info);
int fb_mem_free(struct nacre_fb_mem *mem);
int fb_mem_total(struct nacre_attachment *attachment, uint64_t *bytes);
void fb_mem_destroy(struct core *core, struct fb_mem *mem);
int map_request_check(const struct nacre_map_request *request, uint64_t memory_bytes);
int bar1_map(struct nacre_fb_mem *mem, const struct nacre_map_request *request, uint64_t *bar1_offset);
int bar1_unmap(struct nacre_fb_mem *mem);
int bar1_read(struct nacre_fb_mem *mem, uint64_t offset, void *to, uint64_t bytes);
int bar1_write(struct nacre_fb_mem *mem, uint64_t offset, const void *from, uint64_t bytes);
void bar1_release(struct core *core, struct fb_mem *mem);
/* A part of the GPU's memory in BAR 1, that is no client's; with the lock. */
int bar1_take(struct core *core, uint64_t physical, uint64_t bytes, bool huge, uint64_t *address);
void bar1_give(struct core *core, uint64_t address, uint64_t bytes);
int bar1_create(struct core *core);
void bar1_destroy(struct core *core);

/* chids.c */
int chids_alloc(struct nacre_attachment *attachment, uint32_t count, struct nacre_chids **chids, uint32_t *first);
int chids_free(struct nacre_chids *chids);
int chids_available(struct nacre_attachment *attachment);
void chids_destroy(struct core *core, struct chids *chids);

/* gsp_client.c */
int gsp_client_alloc(struct nacre_attachment *attachment, struct nacre_gsp_client **client);
int gsp_client_free(struct nacre_gsp_client *client);
int gsp_client_handle(struct nacre_gsp_client *client, uint32_t *handle);
int gsp_client_ctrl_get(struct nacre_gsp_client *client, uint32_t command, uint32_t bytes, void **params);
int gsp_client_ctrl_wr(struct nacre_gsp_client *client, void *params);
int gsp_client_ctrl_rd(struct nacre_gsp_client *client, void *params);
void gsp_client_ctrl_done(struct nacre_gsp_client *client, void *params);
void gsp_client_destroy(struct core *core, struct object *client);
const struct rm_session *gsp_client_session(const struct object *client);

/* ce_channel.c, pushbuf.c */
int ce_channel_alloc(struct nacre_attachment *attachment, struct nacre_chids *chids, uint32_t index,
                     struct nacre_ce_channel **channel, struct nacre_channel_info *info);
int ce_channel_free(struct nacre_ce_channel *channel);
int ce_channel_map(struct nacre_ce_channel *channel, struct nacre_fb_mem *mem, const struct nacre_map_request *request,
                   uint64_t *address);
int ce_channel_unmap(struct nacre_ce_channel *channel, uint64_t address);
int ce_channel_begin(struct nacre_ce_channel *channel, uint32_t dwords);
int ce_channel_emit(struct nacre_ce_channel *channel, uint32_t dword);
int ce_channel_submit(struct nacre_ce_channel *channel);
void ce_channel_destroy(struct core *core, struct ce_channel *channel);
/* Waits until no channel has work: false if one still has. */
bool channels_await_idle(struct core *core, uint32_t timeout_ms);
/* By the interrupt thread, or whoever takes the firmware's messages. */
void channels_non_stall(void *core, uint32_t vector);
void channels_failed(void *core, uint32_t channel_id);

/* vgpu_types.c, vgpu.c, vgpu_calls.c, vgpu_logs.c */
int vgpu_define_types(struct nacre_attachment *attachment, const struct nacre_vgpu_type *types, uint32_t count,
                      uint32_t heterogeneous);
int vgpu_start(struct nacre_attachment *attachment, const struct nacre_vgpu_request *request, struct nacre_vgpu **vgpu);
int vgpu_reset(struct nacre_vgpu *vgpu);
int vgpu_bus_master(struct nacre_vgpu *vgpu, uint32_t enabled, uint32_t allowed);
int vgpu_guest_info(struct nacre_vgpu *vgpu, struct nacre_vgpu_guest_info *info);
int vgpu_surfaces(struct nacre_vgpu *vgpu, struct nacre_vgpu_surface *to, uint32_t capacity);
int vgpu_usage(struct nacre_vgpu *vgpu, struct nacre_vgpu_usage *usage);
int vgpu_log_count(struct nacre_vgpu *vgpu);
int vgpu_log(struct nacre_vgpu *vgpu, uint32_t index, char name[32], void *to, uint64_t capacity, uint64_t *bytes);
int vgpu_stop(struct nacre_vgpu *vgpu);
/* Ends all of an attachment's. With the lock, which is left meanwhile. */
void vgpus_end(struct core *core, struct attachment *attachment);
void vgpu_destroy(struct core *core, struct vgpu *vgpu);
/* By whoever takes the firmware's messages. */
void vgpu_triggered(void *core, uint32_t gfid, uint32_t index);
void vgpu_take_samples(void *core, const uint8_t *payload, uint32_t bytes);

/* gsp_logs.c */
int gsp_log_count(struct nacre_attachment *attachment);
int gsp_log(struct nacre_attachment *attachment, uint32_t index, char name[32], void *to, uint64_t capacity,
            uint64_t *bytes);

#endif
