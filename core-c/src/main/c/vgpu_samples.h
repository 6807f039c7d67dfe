/* SPDX-License-Identifier: Apache-2.0 */
/* How busy virtual GPUs kept the engines, as the firmware tells once a second. Any thread. */
#ifndef NACRE_VGPU_SAMPLES_H
#define NACRE_VGPU_SAMPLES_H

#include "base.h"

#include <pthread.h>

/* HW: functions have numbers of 6 bits */
#define VGPU_GFIDS 64u

/* Shares in hundredths of a percent, each with the time at which it was told; 0 if it never was. */
struct vgpu_sample {
    uint32_t copy;
    uint32_t graphics;
    uint32_t encoder;
    uint32_t decoder;
    uint64_t told_ns;
};

struct vgpu_samples {
    pthread_mutex_t lock;
    struct vgpu_sample by_gfid[VGPU_GFIDS];
};

/* Takes GPUACCT_PERFMON_UTIL_SAMPLES; what is impossible in it is left out. */
void vgpu_samples_take(struct vgpu_samples *samples, const uint8_t *payload, uint32_t bytes, uint64_t now_ns);
/* Forgets a function. */
void vgpu_samples_forget(struct vgpu_samples *samples, uint32_t gfid);
/* The shares of a function; 0 if none were told lately. */
struct vgpu_sample vgpu_samples_of(struct vgpu_samples *samples, uint32_t gfid, uint64_t now_ns);

#endif
