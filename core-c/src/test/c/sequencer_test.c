/* SPDX-License-Identifier: Apache-2.0 */
/* Register accesses that firmware asks for: good lists are run, impossible ones refused before they do harm. */
#include "check.h"
#include "regs.h"
#include "rm.h"
#include "sequencer.h"

#define WORDS_MAX 64u

static uint32_t registers[BAR0_BYTES / 4];

static uint32_t read32(void *context, uint32_t region, uint64_t offset) {
    (void)context;
    CHECK(region == REGION_REGISTERS && offset < BAR0_BYTES && offset % 4 == 0);
    return registers[offset / 4];
}

static void write32(void *context, uint32_t region, uint64_t offset, uint32_t value) {
    (void)context;
    CHECK(region == REGION_REGISTERS && offset < BAR0_BYTES && offset % 4 == 0);
    registers[offset / 4] = value;
}

static int is_gone(void *context) {
    (void)context;
    return 0;
}

static int run(const uint32_t *words, uint32_t count, uint32_t told) {
    static const struct nacre_platform platform = {
        .size = sizeof platform, .read32 = read32, .write32 = write32, .is_gone = is_gone};
    const struct sequencer_arguments arguments = {.platform = &platform};
    uint32_t bytes = RPC_SEQUENCER_COMMANDS + 4 * count;
    uint8_t *payload = calloc(1, bytes);
    CHECK(payload != NULL);
    put32(payload + RPC_SEQUENCER_COUNT_DWORDS, told);
    memcpy(payload + RPC_SEQUENCER_COMMANDS, words, 4 * count);
    int error = sequencer_run(&arguments, payload, bytes);
    free(payload);
    return error;
}

static void good_list_is_run_in_order(void) {
    const uint32_t words[] = {0, 0x1400, 0x1234, 1, 0x1400, 0xff,   0x56, 2, 0x1400,
                              0xff00, 0x1200, 0, 0, 3, 1,    4, 0x1400, 7};
    registers[0x1400 / 4] = 0;
    CHECK(run(words, ARRAY_SIZE(words), ARRAY_SIZE(words)) == 0 && registers[0x1400 / 4] == 0x1256);
    CHECK(run(words, 0, 0) == 0);
}

static void impossible_lists_are_refused(void) {
    const uint32_t far[] = {0, BAR0_BYTES, 1};
    const uint32_t odd[] = {0, 0x1401, 1};
    const uint32_t unknown[] = {9, 0, 0};
    const uint32_t place[] = {4, 0x1400, 8};
    const uint32_t delay[] = {3, UINT32_MAX};
    const uint32_t good[] = {0, 0x1400, 1};
    CHECK(run(far, 3, 3) == NACRE_ERR_IO && run(odd, 3, 3) == NACRE_ERR_IO && run(unknown, 3, 3) == NACRE_ERR_IO);
    CHECK(run(place, 3, 3) == NACRE_ERR_IO && run(delay, 2, 2) == NACRE_ERR_IO);
    CHECK(run(good, 3, 4) == NACRE_ERR_IO && run(good, 2, 2) == NACRE_ERR_IO);
    CHECK(run(good, 3, UINT32_MAX) == NACRE_ERR_IO);
}

static void garbage_stays_in_bounds(void) {
    uint64_t seed = 4;
    for (int i = 0; i < 20000; i++) {
        uint32_t words[WORDS_MAX];
        for (uint32_t k = 0; k < WORDS_MAX; k++) {
            uint32_t word = (uint32_t)next_random(&seed);
            words[k] = word % 4 == 0 ? (word >> 8) % 2 : word % (BAR0_BYTES + 64);
        }
        (void)run(words, WORDS_MAX, (uint32_t)(next_random(&seed) % (WORDS_MAX + 2)));
    }
}

int main(void) {
    good_list_is_run_in_order();
    impossible_lists_are_refused();
    garbage_stays_in_bounds();
    return 0;
}
