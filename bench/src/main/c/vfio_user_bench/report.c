/* What is printed: a JSON object per metric. */
#include "bench.h"

#include <inttypes.h>
#include <stdio.h>

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

void report_latency(const char *name, uint64_t *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    printf("{\"metric\":\"%s\",\"n\":%zu,\"p50_ns\":%" PRIu64 ",\"p99_ns\":%" PRIu64 ",\"p999_ns\":%" PRIu64
           ",\"max_ns\":%" PRIu64 "}\n",
           name, n, values[n / 2], values[n * 99 / 100], values[n * 999 / 1000], values[n - 1]);
    fflush(stdout);
}

void report_rate(const char *name, size_t n, uint64_t ns)
{
    printf("{\"metric\":\"%s\",\"n\":%zu,\"per_s\":%.0f}\n", name, n, n * 1e9 / ns);
    fflush(stdout);
}

void report_bandwidth(const char *name, uint64_t bytes, uint64_t ns)
{
    if (silent)
        return;
    printf("{\"metric\":\"%s\",\"MiB_per_s\":%.1f}\n", name, bytes / (double)MIB / (ns / 1e9));
    fflush(stdout);
}

void report_failure(const char *name, const char *why, int error)
{
    failed = true;
    printf("{\"metric\":\"%s\",\"failed\":\"%s: %s\"}\n", name, why, strerror(error));
    fflush(stdout);
}
