/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_BYTES 256

static _Thread_local char last_text[TEXT_BYTES];

int fail(int error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_text, sizeof last_text, format, arguments);
    va_end(arguments);
    return error;
}

void error_last(char *text, size_t capacity) {
    if (text != NULL && capacity > 0) {
        snprintf(text, capacity, "%s", last_text);
    }
}
