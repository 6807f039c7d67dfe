/* SPDX-License-Identifier: Apache-2.0 */
/* Why operations fail, in words, for each thread. */
#ifndef NACRE_ERROR_H
#define NACRE_ERROR_H

#include "base.h"

/* Notes why the thread's operation fails, and gives the error back. */
int fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The operation last_error. */
void error_last(char *text, size_t capacity);

#endif
