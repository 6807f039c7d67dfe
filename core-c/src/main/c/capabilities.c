/* SPDX-License-Identifier: Apache-2.0 */
#include "capabilities.h"

#include "error.h"

#include <stdio.h>

#define CAPABILITIES 64
#define TEXT_BYTES 192

static const char *const NAMES[CAPABILITIES] = {
    [NACRE_CAP_GSP_CLIENT_ALLOC] = "GSP_CLIENT_ALLOC",
    [NACRE_CAP_RM_PASS_THROUGH] = "RM_PASS_THROUGH",
    [NACRE_CAP_CHID_ALLOC] = "CHID_ALLOC",
    [NACRE_CAP_FB_MEM_ALLOC] = "FB_MEM_ALLOC",
    [NACRE_CAP_FB_MEM_BAR1_MAP] = "FB_MEM_BAR1_MAP",
    [NACRE_CAP_CHAN_MEM_MAP] = "CHAN_MEM_MAP",
    [NACRE_CAP_CE_CHAN_ALLOC] = "CE_CHAN_ALLOC",
    [NACRE_CAP_PUSHBUF_SUBMIT] = "PUSHBUF_SUBMIT",
    [NACRE_CAP_PF_EVENT_DELIVERY] = "PF_EVENT_DELIVERY",
    [NACRE_CAP_GSP_LOGS] = "GSP_LOGS",
    [NACRE_CAP_ADDRESS_SPACES] = "ADDRESS_SPACES",
    [NACRE_CAP_MEMORY_OBJECTS] = "MEMORY_OBJECTS",
    [NACRE_CAP_CHANNELS] = "CHANNELS",
    [NACRE_CAP_TIMELINES] = "TIMELINES",
    [NACRE_CAP_FAULT_REPORTS] = "FAULT_REPORTS",
    [NACRE_CAP_SUSPEND] = "SUSPEND",
    [NACRE_CAP_VGPU_PLUGINS] = "VGPU_PLUGINS",
    [NACRE_CAP_DISPLAY] = "DISPLAY",
};

int capabilities_missing(const char *what, uint64_t missing) {
    char text[TEXT_BYTES] = "";
    size_t used = 0;
    for (int bit = 0; bit < CAPABILITIES && used < sizeof text; bit++) {
        if ((missing & 1ull << bit) == 0) {
            continue;
        }
        const char *comma = used == 0 ? "" : ", ";
        int more = NAMES[bit] != NULL ? snprintf(text + used, sizeof text - used, "%s%s", comma, NAMES[bit])
                                      : snprintf(text + used, sizeof text - used, "%sbit %d", comma, bit);
        used += (size_t)more;
    }
    return fail(NACRE_ERR_NOT_SUPPORTED, "%s: %s", what, text);
}
