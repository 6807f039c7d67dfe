/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compatibility kit of nacre_core.h: uses every operation of a core with good and with bad arguments, and tells for
 * each of them whether the core keeps to the interface. The last case closes the core.
 */
#ifndef NACRE_TCK_H
#define NACRE_TCK_H

#include "nacre_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Is told one line for each case: "NAME ok", "NAME skipped REASON" or "NAME failed REASON". */
typedef void (*nacre_tck_report)(void *context, const char *line);

/* Runs all cases on a core that nobody else uses; gives the number of those that failed. */
__attribute__((visibility("default"))) int nacre_tck_run(const struct nacre_core_ops *ops, struct nacre_core *core,
                                                         nacre_tck_report report, void *context);

#ifdef __cplusplus
}
#endif

#endif
