/* SPDX-License-Identifier: Apache-2.0 */
/* The allocator of ranges, and that of channel ids, against plain models. */
#include "check.h"
#include "chid_alloc.h"
#include "ranges.h"

#define UNITS 512u
#define STEPS 20000

/* Which units are taken. */
struct model {
    bool taken[UNITS];
    uint32_t taken_count;
};

static bool is_free(const struct model *model, uint32_t start, uint32_t count) {
    for (uint32_t i = start; i < start + count; i++) {
        if (i >= UNITS || model->taken[i]) {
            return false;
        }
    }
    return true;
}

static void set(struct model *model, uint32_t start, uint32_t count, bool taken) {
    for (uint32_t i = start; i < start + count; i++) {
        model->taken[i] = taken;
    }
    model->taken_count += taken ? count : -count;
}

static bool has_room(const struct model *model, uint32_t count, uint32_t align, uint32_t residue) {
    for (uint32_t start = residue % align; start < UNITS; start += align) {
        if (is_free(model, start, count)) {
            return true;
        }
    }
    return false;
}

static void ranges_follow_the_model(uint64_t seed) {
    struct model model = {0};
    struct ranges ranges = {0};
    uint32_t starts[UNITS];
    uint32_t counts[UNITS];
    uint32_t live = 0;
    CHECK(ranges_add(&ranges, 0, UNITS) == 0);
    for (int step = 0; step < STEPS; step++) {
        uint32_t count = 1 + (uint32_t)(next_random(&seed) % 24);
        uint32_t choice = (uint32_t)(next_random(&seed) % 3);
        if (choice == 0 && live > 0) {
            uint32_t i = (uint32_t)(next_random(&seed) % live);
            CHECK(ranges_add(&ranges, starts[i], counts[i]) == 0);
            set(&model, starts[i], counts[i], false);
            live--;
            starts[i] = starts[live];
            counts[i] = counts[live];
        } else {
            uint32_t align = 1u << next_random(&seed) % 5;
            uint32_t residue = (uint32_t)(next_random(&seed) % align);
            uint64_t start = next_random(&seed) % UNITS;
            int error = choice == 1 ? ranges_take(&ranges, count, align, residue, &start)
                                    : ranges_take_at(&ranges, start, count);
            bool expected = choice == 1 ? has_room(&model, count, align, residue)
                                        : is_free(&model, (uint32_t)start, count);
            CHECK((error == 0) == expected);
            if (error == 0) {
                CHECK(choice != 1 || start % align == residue);
                CHECK(is_free(&model, (uint32_t)start, count));
                set(&model, (uint32_t)start, count, true);
                starts[live] = (uint32_t)start;
                counts[live++] = count;
            }
        }
        CHECK(ranges.free_bytes == UNITS - model.taken_count);
    }
    ranges_clear(&ranges);
}

static void whole_is_there_again_after_all_was_given_back(void) {
    struct ranges ranges = {0};
    uint64_t starts[64];
    uint64_t start = 0;
    CHECK(ranges_add(&ranges, 0x1000, 64 * 0x1000) == 0);
    for (int i = 0; i < 64; i++) {
        CHECK(ranges_take(&ranges, 0x1000, 0x1000, 0, &starts[i]) == 0);
    }
    CHECK(ranges_take(&ranges, 1, 1, 0, &start) == NACRE_ERR_NO_SPACE);
    for (int i = 0; i < 64; i++) {
        CHECK(ranges_add(&ranges, starts[i * 37 % 64], 0x1000) == 0);
    }
    CHECK(ranges_take(&ranges, 64 * 0x1000, 0x1000, 0, &start) == 0 && start == 0x1000);
    ranges_clear(&ranges);
}

static void chids_follow_the_model(uint64_t seed) {
    static struct chid_alloc chids;
    struct model model = {0};
    uint32_t firsts[UNITS];
    uint32_t counts[UNITS];
    uint32_t live = 0;
    chids_init(&chids, 100 + UNITS, UNITS);
    CHECK(chids.pool_first == 100 && chids.pool_free == UNITS);
    for (int step = 0; step < STEPS; step++) {
        uint32_t count = (uint32_t)(next_random(&seed) % 40);
        if (next_random(&seed) % 2 == 0 && live > 0) {
            uint32_t i = (uint32_t)(next_random(&seed) % live);
            chids_give(&chids, 100 + firsts[i], counts[i]);
            set(&model, firsts[i], counts[i], false);
            live--;
            firsts[i] = firsts[live];
            counts[i] = counts[live];
        } else {
            int first = chids_take(&chids, count);
            CHECK((first >= 0) == (count > 0 && has_room(&model, count, 1, 0)));
            if (first >= 0) {
                firsts[live] = (uint32_t)first - 100;
                counts[live] = count;
                CHECK(is_free(&model, firsts[live], count));
                set(&model, firsts[live++], count, true);
            }
        }
        CHECK(chids.pool_free == UNITS - model.taken_count);
    }
}

static void pool_leaves_the_core_its_own_ids(void) {
    static struct chid_alloc chids;
    chids_init(&chids, 2048, 5000);
    CHECK(chids.pool_first == CHIDS_OWN);
    for (uint32_t i = 1; i < CHIDS_OWN; i++) {
        CHECK(chids_take_own(&chids) == (int)i);
    }
    CHECK(chids_take_own(&chids) == NACRE_ERR_NO_SPACE);
    chids_give_own(&chids, 7);
    CHECK(chids_take_own(&chids) == 7);
}

int main(void) {
    for (uint64_t seed = 1; seed < 20; seed++) {
        ranges_follow_the_model(seed);
        chids_follow_the_model(seed);
    }
    whole_is_there_again_after_all_was_given_back();
    pool_leaves_the_core_its_own_ids();
    return 0;
}
