/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between chips: one row for each. */
#ifndef NACRE_HAL_H
#define NACRE_HAL_H

#include "base.h"

struct chip {
    const char *name;
    const char *firmware_folder;     /* below nvidia/ */
    const char *signature_section;   /* of the GSP's image */
    uint32_t id;                     /* NV_PMC_BOOT_0 bits 28:20 */
    uint32_t channel_class;
    uint32_t copy_class;
    uint32_t graphics_classes[NACRE_MAX_ENGINE_CLASSES]; /* of channels beside a copy engine, ascending, then 0 */
    bool shares;                     /* can be shared by virtual functions */
};

/* The chip that a value of NV_PMC_BOOT_0 means, or NULL. */
const struct chip *chip_find(uint32_t boot_0);

/* Names of all chips; the list ends with NULL. */
const char *const *chip_names(void);

/* Whether a function can be one of these chips, by its configuration space. */
bool chip_may_be(uint32_t vendor, uint32_t device, uint32_t class_code);

#endif
