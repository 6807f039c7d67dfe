/* SPDX-License-Identifier: Apache-2.0 */
#include "vgpu_samples.h"

#include "vgpu_abi.h"

/* TIMEOUT: samples come once a second; what is older than a few was told of another time. */
#define LATELY_NS UINT64_C(3000000000)

/* Takes the share of one kind of engines, if it is a virtual GPU's. */
static void take_share(struct vgpu_samples *samples, const uint8_t *engine, size_t field, uint64_t now) {
    uint32_t gfid = get32(engine + SAMPLE_SUB_PROCESS_ID);
    uint32_t share = get32(engine + SAMPLE_UTIL);
    if (gfid == 0 || gfid >= VGPU_GFIDS) {
        return;
    }
    struct vgpu_sample *sample = &samples->by_gfid[gfid];
    share = share < UTIL_WHOLE ? share : UTIL_WHOLE;
    memcpy((uint8_t *)sample + field, &share, sizeof share);
    sample->told_ns = now;
}

void vgpu_samples_take(struct vgpu_samples *samples, const uint8_t *payload, uint32_t bytes, uint64_t now_ns) {
    if (bytes < SAMPLES_FIRST || payload[SAMPLES_TYPE] != SAMPLES_TYPE_PERFMON_UTIL) {
        return;
    }
    uint32_t there = (bytes - SAMPLES_FIRST) / SAMPLE_BYTES;
    uint32_t count = get32(payload + SAMPLES_COUNT);
    count = count < SAMPLES_MOST ? count : SAMPLES_MOST;
    count = count < there ? count : there;
    pthread_mutex_lock(&samples->lock);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *sample = payload + SAMPLES_FIRST + i * SAMPLE_BYTES;
        take_share(samples, sample + SAMPLE_FB, offsetof(struct vgpu_sample, copy), now_ns);
        take_share(samples, sample + SAMPLE_GR, offsetof(struct vgpu_sample, graphics), now_ns);
        take_share(samples, sample + SAMPLE_NVENC, offsetof(struct vgpu_sample, encoder), now_ns);
        take_share(samples, sample + SAMPLE_NVDEC, offsetof(struct vgpu_sample, decoder), now_ns);
    }
    pthread_mutex_unlock(&samples->lock);
}

void vgpu_samples_forget(struct vgpu_samples *samples, uint32_t gfid) {
    pthread_mutex_lock(&samples->lock);
    samples->by_gfid[gfid] = (struct vgpu_sample){0};
    pthread_mutex_unlock(&samples->lock);
}

struct vgpu_sample vgpu_samples_of(struct vgpu_samples *samples, uint32_t gfid, uint64_t now_ns) {
    pthread_mutex_lock(&samples->lock);
    struct vgpu_sample sample = samples->by_gfid[gfid];
    pthread_mutex_unlock(&samples->lock);
    if (sample.told_ns == 0 || now_ns - sample.told_ns > LATELY_NS) {
        sample = (struct vgpu_sample){0};
    }
    return sample;
}
