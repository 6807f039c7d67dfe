/* SPDX-License-Identifier: Apache-2.0 */
#include "hal.h"

#include "regs.h"
#include "rm.h"


/* HW: PCI vendor; classes VGA controller and 3D controller: nova-core driver.rs */
#define VENDOR_NVIDIA 0x10deu
#define CLASS_MASK 0xffff00u
#define CLASS_VGA 0x030000u
#define CLASS_3D 0x030200u

/* HW: chip ids: nouveau nvkm/engine/device/base.c; classes: nvif/class.h; sections: the GSP's image.
 * vGPU on AD102 and later: the vGPU series for the kernel. */
static const struct chip CHIPS[] = {
    {"AD102", "ad102", ".fwsignature_ad10x", 0x192, AMPERE_CHANNEL_GPFIFO_A, AMPERE_DMA_COPY_B,
     {FERMI_TWOD_A, KEPLER_INLINE_TO_MEMORY_B, AMPERE_DMA_COPY_B, ADA_A, ADA_COMPUTE_A}, true},
    {"GA102", "ga102", ".fwsignature_ga10x", 0x172, AMPERE_CHANNEL_GPFIFO_A, AMPERE_DMA_COPY_B,
     {FERMI_TWOD_A, KEPLER_INLINE_TO_MEMORY_B, AMPERE_B, AMPERE_DMA_COPY_B, AMPERE_COMPUTE_B}, false},
};
static const char *const NAMES[] = {"AD102", "GA102", NULL};

/* HW: pci.ids: device ids of GPUs with these chips: AD102 0x2680 to 0x26ff, GA102 0x2200 to 0x227f. */
static const struct {
    uint32_t first;
    uint32_t last;
} DEVICES[] = {{0x2680, 0x26ff}, {0x2200, 0x227f}};

const struct chip *chip_find(uint32_t boot_0) {
    uint32_t id = NV_PMC_BOOT_0_CHIPSET(boot_0);
    for (size_t i = 0; i < ARRAY_SIZE(CHIPS); i++) {
        if (CHIPS[i].id == id) {
            return &CHIPS[i];
        }
    }
    return NULL;
}

const char *const *chip_names(void) {
    return NAMES;
}

bool chip_may_be(uint32_t vendor, uint32_t device, uint32_t class_code) {
    uint32_t kind = class_code & CLASS_MASK;
    if (vendor != VENDOR_NVIDIA || (kind != CLASS_VGA && kind != CLASS_3D)) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_SIZE(DEVICES); i++) {
        if (device >= DEVICES[i].first && device <= DEVICES[i].last) {
            return true;
        }
    }
    return false;
}
