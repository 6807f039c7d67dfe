/* SPDX-License-Identifier: Apache-2.0 */
/* Register accesses that the firmware asks for while it starts. */
#ifndef NACRE_SEQUENCER_H
#define NACRE_SEQUENCER_H

#include "platform.h"

struct sequencer_arguments {
    const struct nacre_platform *platform;
    uint64_t libos_arguments; /* bus address, for a start of the GSP's RISC-V core */
    uint32_t app_version;
};

/* Runs a list; the payload of RUN_CPU_SEQUENCER. */
int sequencer_run(const struct sequencer_arguments *arguments, const uint8_t *payload, uint32_t bytes);

#endif
