/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the C core share: checks that end the program, and numbers that repeat. */
#ifndef NACRE_CHECK_H
#define NACRE_CHECK_H

#include "base.h"
#include "error.h"

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            char reason[256];                                                                                          \
            error_last(reason, sizeof reason);                                                                         \
            fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__, #condition, reason);                   \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
