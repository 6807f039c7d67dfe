/* SPDX-License-Identifier: Apache-2.0 */
/* All that nova has, through libdrm: who it is, a parameter, and objects. Says what it found. */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* libdrm's xf86drm.h, as far as it is used here. */
typedef struct {
    int version_major;
    int version_minor;
    int version_patchlevel;
    int name_len;
    char *name;
    int date_len;
    char *date;
    int desc_len;
    char *desc;
} drmVersion;
int drmOpen(const char *name, const char *busid);
int drmClose(int fd);
drmVersion *drmGetVersion(int fd);
void drmFreeVersion(drmVersion *version);
int drmCommandWriteRead(int fd, unsigned long index, void *data, unsigned long size);
int drmCloseBufferHandle(int fd, uint32_t handle);

/* HW: nova_drm.h. */
struct parameter {
    uint64_t param, value;
};
struct object {
    uint32_t handle, pad;
    uint64_t size;
};
enum { GETPARAM, GEM_CREATE, GEM_INFO };
#define VRAM_BAR_SIZE 1

static int fail(const char *what) {
    printf("FAIL %s: %s\n", what, strerror(errno));
    return 1;
}

int main(void) {
    int fd = drmOpen("nova", NULL);
    if (fd < 0) {
        return fail("drmOpen");
    }
    drmVersion *version = drmGetVersion(fd);
    if (version == NULL || strcmp(version->name, "nova") != 0) {
        return fail("drmGetVersion");
    }
    drmFreeVersion(version);
    struct parameter bar = {.param = VRAM_BAR_SIZE};
    if (drmCommandWriteRead(fd, GETPARAM, &bar, sizeof(bar)) != 0 || bar.value == 0) {
        return fail("GETPARAM");
    }
    struct parameter unknown = {.param = 77};
    if (drmCommandWriteRead(fd, GETPARAM, &unknown, sizeof(unknown)) != -EINVAL) {
        return fail("an unknown parameter is not refused");
    }
    struct object made = {.size = 12345};
    if (drmCommandWriteRead(fd, GEM_CREATE, &made, sizeof(made)) != 0 || made.handle == 0) {
        return fail("GEM_CREATE");
    }
    struct object asked = {.handle = made.handle};
    if (drmCommandWriteRead(fd, GEM_INFO, &asked, sizeof(asked)) != 0 || asked.size < 12345) {
        return fail("GEM_INFO");
    }
    if (drmCloseBufferHandle(fd, made.handle) != 0) {
        return fail("GEM_CLOSE");
    }
    if (drmCommandWriteRead(fd, GEM_INFO, &asked, sizeof(asked)) == 0) {
        return fail("a closed handle is still known");
    }
    printf("PASS bar=%" PRIu64 " object=%" PRIu64 "\n", bar.value, asked.size);
    return drmClose(fd) != 0;
}
