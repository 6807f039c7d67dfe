/*
 * What the guest programs share: one result line, nouveau buffers, and push buffers for the copy engine.
 *
 * Each program prints "NACRE-TEST name PASS|FAIL detail" exactly once and ends with 0 or 1. A program that hangs in the
 * driver fails by its alarm. Compiled by tcc against musl; ioctl() is declared here because musl's <sys/ioctl.h> and the
 * kernel's headers define the same macros.
 */
#ifndef NACRE_H
#define NACRE_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/nouveau_drm.h>

int ioctl(int fd, int request, ...);

static const char *program_name = "?";

static void finish(const char *verdict, const char *format, va_list values)
{
    printf("NACRE-TEST %s %s ", program_name, verdict);
    vprintf(format, values);
    printf("\n");
    fflush(stdout);
}

static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    finish("FAIL", format, values);
    va_end(values);
    exit(1);
}

static int pass(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    finish("PASS", format, values);
    va_end(values);
    return 0;
}

static void out_of_time(int signal_number)
{
    (void)signal_number;
    fail("out of time");
}

/* Names the program and bounds its run time. */
static void begin(const char *name, unsigned seconds)
{
    program_name = name;
    signal(SIGALRM, out_of_time);
    alarm(seconds);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* An ioctl that must succeed. */
static void must(int fd, int request, void *argument, const char *what)
{
    if (ioctl(fd, request, argument) != 0)
        fail("%s: %s", what, strerror(errno));
}

/* The render node named by the first argument, or the first one. */
static int open_gpu(int argc, char **argv)
{
    const char *node = argc > 1 ? argv[1] : "/dev/dri/renderD128";
    int fd = open(node, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        fail("open %s: %s", node, strerror(errno));
    return fd;
}

struct buffer {
    uint32_t handle;
    uint32_t domain;
    uint64_t address; /* in the GPU's address space */
    uint64_t size;
    volatile uint32_t *words;
};

/* A buffer that the CPU can map, in VRAM or in system memory (GART). */
static struct buffer new_buffer(int fd, uint64_t size, uint32_t domain)
{
    struct drm_nouveau_gem_new request;
    memset(&request, 0, sizeof request);
    request.info.domain = domain | NOUVEAU_GEM_DOMAIN_MAPPABLE;
    request.info.size = size;
    request.align = 4096;
    must(fd, DRM_IOCTL_NOUVEAU_GEM_NEW, &request, "GEM_NEW");

    struct buffer b;
    b.handle = request.info.handle;
    b.domain = domain;
    b.address = request.info.offset;
    b.size = size;
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, request.info.map_handle);
    if (mapped == MAP_FAILED)
        fail("mmap of a buffer: %s", strerror(errno));
    b.words = mapped;
    return b;
}

/*
 * What can be made on a channel, asked as Mesa's nouveau library does: NVIF, which the kernel's headers for user space
 * do not describe (nvif/ioctl.h).
 */
struct class_list {
    uint8_t version, type, pad[4], owner, route;
    uint64_t token, object;
    uint8_t list_version, count, list_pad[6];
    struct {
        int32_t class_number;
        int16_t min_version, max_version;
    } classes[32];
};

#define NVIF_SCLASS 1
#define NVIF_ANY 0xff

/* The chip's class of copy engines; their methods are the same. */
static uint32_t copy_class;

static uint32_t find_copy_class(int fd, int channel)
{
    struct class_list list;
    memset(&list, 0, sizeof list);
    list.type = NVIF_SCLASS;
    list.owner = NVIF_ANY;
    list.route = NVIF_ANY;
    list.token = (uint64_t)channel;
    list.count = sizeof list.classes / sizeof list.classes[0];
    must(fd, DRM_IOWR(DRM_COMMAND_BASE + DRM_NOUVEAU_NVIF, struct class_list), &list, "NVIF SCLASS");
    /* Older kernels also name classes of older chips. */
    uint32_t latest = 0;
    for (int i = 0; i < list.count && i < 32; i++) {
        uint32_t number = (uint32_t)list.classes[i].class_number;
        if ((number & 0xff) == 0xb5 && number > latest)
            latest = number;
    }
    if (latest == 0)
        fail("no class of copy engines among %d", list.count);
    return latest;
}

/* A channel on the copy engines. */
static int new_copy_channel(int fd)
{
    struct drm_nouveau_channel_alloc request;
    memset(&request, 0, sizeof request);
    request.fb_ctxdma_handle = ~0u;
    request.tt_ctxdma_handle = NOUVEAU_FIFO_ENGINE_CE;
    must(fd, DRM_IOCTL_NOUVEAU_CHANNEL_ALLOC, &request, "CHANNEL_ALLOC");
    copy_class = find_copy_class(fd, request.channel);
    return request.channel;
}

/* A pattern that differs at every word, between tests, and from what memory holds by chance. */
static uint32_t pattern(uint32_t seed, uint64_t index)
{
    return seed ^ (uint32_t)(index * 2654435761u);
}

static void fill(const struct buffer *b, uint32_t seed)
{
    for (uint64_t i = 0; i < b->size / 4; i++)
        b->words[i] = pattern(seed, i);
}

static void clear(const struct buffer *b)
{
    for (uint64_t i = 0; i < b->size / 4; i++)
        b->words[i] = 0;
}

/* Fails unless the buffer holds the pattern. */
static void check(const struct buffer *b, uint32_t seed, const char *what)
{
    for (uint64_t i = 0; i < b->size / 4; i++)
        if (b->words[i] != pattern(seed, i))
            fail("%s: word %llu is %08x, not %08x", what, (unsigned long long)i, b->words[i], pattern(seed, i));
}

/*
 * Host and copy-engine methods. Numbers: NVIDIA's published class headers clc7b5.h (AMPERE_DMA_COPY_B) and clc56f.h.
 */
#define COPY_SUBCHANNEL 4
#define SET_OBJECT 0x0000
#define LAUNCH_DMA 0x0300
#define OFFSET_IN_UPPER 0x0400 /* then OFFSET_IN_LOWER, OFFSET_OUT_*, PITCH_IN, PITCH_OUT, LINE_LENGTH_IN, LINE_COUNT */
/* Non-pipelined, flush, source and destination by pitch, several lines. */
#define LAUNCH_PITCH_LINES (2 << 0 | 1 << 2 | 1 << 7 | 1 << 8 | 1 << 9)

struct push {
    volatile uint32_t *start;
    volatile uint32_t *next;
};

static struct push push_into(const struct buffer *b)
{
    struct push p;
    p.start = b->words;
    p.next = b->words;
    return p;
}

static uint32_t push_bytes(const struct push *p)
{
    return (uint32_t)((p->next - p->start) * 4);
}

/* Header of a run of consecutive methods. */
static void methods(struct push *p, uint32_t first, uint32_t count)
{
    *p->next++ = 1u << 29 | count << 16 | COPY_SUBCHANNEL << 13 | first >> 2;
}

static void push_object(struct push *p)
{
    methods(p, SET_OBJECT, 1);
    *p->next++ = copy_class;
}

struct rectangle {
    uint32_t pitch_in;
    uint32_t pitch_out;
    uint32_t line_bytes;
    uint32_t lines;
};

static void push_copy(struct push *p, uint64_t from, uint64_t to, struct rectangle r)
{
    methods(p, OFFSET_IN_UPPER, 8);
    *p->next++ = (uint32_t)(from >> 32);
    *p->next++ = (uint32_t)from;
    *p->next++ = (uint32_t)(to >> 32);
    *p->next++ = (uint32_t)to;
    *p->next++ = r.pitch_in;
    *p->next++ = r.pitch_out;
    *p->next++ = r.line_bytes;
    *p->next++ = r.lines;
    methods(p, LAUNCH_DMA, 1);
    *p->next++ = LAUNCH_PITCH_LINES;
}

/* All of a buffer of whole pages, page by page. */
static struct rectangle whole(const struct buffer *b)
{
    struct rectangle r = {4096, 4096, 4096, (uint32_t)(b->size / 4096)};
    return r;
}

/* Submits by the older interface; 0 or the error number. */
static int submit_pushbuf(int fd, int channel, const struct buffer *commands, uint32_t bytes, const struct buffer *used,
                          int count)
{
    struct drm_nouveau_gem_pushbuf_bo list[8];
    memset(list, 0, sizeof list);
    for (int i = 0; i <= count; i++) {
        const struct buffer *b = i == 0 ? commands : &used[i - 1];
        list[i].handle = b->handle;
        list[i].valid_domains = b->domain;
        list[i].read_domains = b->domain;
        list[i].write_domains = i == 0 ? 0 : b->domain;
    }
    struct drm_nouveau_gem_pushbuf_push push;
    memset(&push, 0, sizeof push);
    push.length = bytes;
    struct drm_nouveau_gem_pushbuf request;
    memset(&request, 0, sizeof request);
    request.channel = channel;
    request.nr_buffers = count + 1;
    request.buffers = (uintptr_t)list;
    request.nr_push = 1;
    request.push = (uintptr_t)&push;
    return ioctl(fd, DRM_IOCTL_NOUVEAU_GEM_PUSHBUF, &request) == 0 ? 0 : errno;
}

/* Waits until the GPU is done with a buffer; 0 or the error number. */
static int wait_buffer(int fd, const struct buffer *b)
{
    struct drm_nouveau_gem_cpu_prep request;
    memset(&request, 0, sizeof request);
    request.handle = b->handle;
    request.flags = NOUVEAU_GEM_CPU_PREP_WRITE;
    return ioctl(fd, DRM_IOCTL_NOUVEAU_GEM_CPU_PREP, &request) == 0 ? 0 : errno;
}

/* Address spaces that user space manages (VM_INIT, VM_BIND), jobs with sync objects (EXEC). */

static void init_vm(int fd)
{
    struct drm_nouveau_vm_init request;
    memset(&request, 0, sizeof request);
    request.kernel_managed_addr = 1ull << 38;
    request.kernel_managed_size = 1ull << 37;
    must(fd, DRM_IOCTL_NOUVEAU_VM_INIT, &request, "VM_INIT");
}

static void bind_buffer(int fd, struct buffer *b, uint64_t address)
{
    struct drm_nouveau_vm_bind_op op;
    memset(&op, 0, sizeof op);
    op.op = DRM_NOUVEAU_VM_BIND_OP_MAP;
    op.handle = b->handle;
    op.addr = address;
    op.range = b->size;
    struct drm_nouveau_vm_bind request;
    memset(&request, 0, sizeof request);
    request.op_count = 1;
    request.op_ptr = (uintptr_t)&op;
    must(fd, DRM_IOCTL_NOUVEAU_VM_BIND, &request, "VM_BIND");
    b->address = address;
}

static uint32_t new_syncobj(int fd)
{
    struct drm_syncobj_create request;
    memset(&request, 0, sizeof request);
    must(fd, DRM_IOCTL_SYNCOBJ_CREATE, &request, "SYNCOBJ_CREATE");
    return request.handle;
}

/* Submits a job that signals a sync object; 0 or the error number. */
static int submit_exec(int fd, int channel, const struct buffer *commands, uint32_t bytes, uint32_t syncobj)
{
    struct drm_nouveau_exec_push push;
    memset(&push, 0, sizeof push);
    push.va = commands->address;
    push.va_len = bytes;
    struct drm_nouveau_sync signal_sync;
    memset(&signal_sync, 0, sizeof signal_sync);
    signal_sync.flags = DRM_NOUVEAU_SYNC_SYNCOBJ;
    signal_sync.handle = syncobj;
    struct drm_nouveau_exec request;
    memset(&request, 0, sizeof request);
    request.channel = channel;
    request.push_count = 1;
    request.push_ptr = (uintptr_t)&push;
    request.sig_count = 1;
    request.sig_ptr = (uintptr_t)&signal_sync;
    return ioctl(fd, DRM_IOCTL_NOUVEAU_EXEC, &request) == 0 ? 0 : errno;
}

/* Waits for a sync object; 0 or the error number. */
static int wait_syncobj(int fd, uint32_t syncobj, int seconds)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    struct drm_syncobj_wait request;
    memset(&request, 0, sizeof request);
    request.handles = (uintptr_t)&syncobj;
    request.count_handles = 1;
    request.timeout_nsec = (int64_t)(t.tv_sec + seconds) * 1000000000ll;
    request.flags = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT;
    return ioctl(fd, DRM_IOCTL_SYNCOBJ_WAIT, &request) == 0 ? 0 : errno;
}

#endif
