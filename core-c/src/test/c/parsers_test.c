/* SPDX-License-Identifier: Apache-2.0 */
/* Parsers of files and of replies: good ones are understood; cut and changed ones never read out of bounds. */
#include "board.h"
#include "booter.h"
#include "fb_layout.h"
#include "check.h"
#include "rm.h"

#define MUTATIONS 20000
#define BOOTER_DATA 512u
#define ROM_BASE 0x1000u
#define ROM_EXTENSION 0xe00u
#define ROM_BYTES (ROM_BASE + ROM_EXTENSION)
#define FWSEC_AT (ROM_BASE + 0x100u)
#define FWSEC_SIGNATURE 384u
#define FWSEC_IMEM 0x200u
#define FWSEC_DMEM 0x800u

/* A copy that ends where the memory ends, so that a tool sees each byte read beyond it. */
static struct blob exact(const uint8_t *bytes, uint64_t count) {
    uint8_t *copy = malloc(count == 0 ? 1 : count);
    CHECK(copy != NULL);
    memcpy(copy, bytes, count);
    return (struct blob){copy, count};
}

static uint32_t make_booter(uint8_t *file) {
    const uint32_t hs = 24, patch_loc = 60, patch_sig = 64, count = 68, meta = 72, load = 84, signature = 120;
    memset(file, 0, 2048);
    uint32_t header[] = {0x10de, 1, BOOTER_DATA + 0x500, hs, BOOTER_DATA, 0x500};
    uint32_t body[] = {signature, 384, patch_loc, patch_sig, meta, 12, count, load, 36, 0x110, 0, 1, 1, 1, 3,
                       0, 0, 0x100, 0x400, 1, 0, 0x100, 0, 0};
    memcpy(file, header, sizeof header);
    memcpy(file + hs, body, sizeof body);
    memset(file + signature, 0x5a, 384);
    return BOOTER_DATA + 0x500;
}

static uint32_t make_elf(uint8_t *file) {
    static const char names[] = "\0.fwimage\0.shstrtab";
    uint8_t *sections = file + 256;
    memset(file, 0, 1024);
    memcpy(file, "\x7f" "ELF\x02\x01\x01", 7);
    put64(file + 40, 256);
    put32(file + 58, 64 | 3u << 16);
    file[62] = 2;
    memcpy(file + 64, names, sizeof names);
    put32(sections + 64, 1);
    put64(sections + 64 + 24, 512);
    put64(sections + 64 + 32, 100);
    put32(sections + 128, 10);
    put64(sections + 128 + 24, 64);
    put64(sections + 128 + 32, sizeof names);
    return 612;
}

static void pci_data(uint8_t *image, uint32_t at, const char *signature, uint32_t bytes, uint8_t type, uint8_t last) {
    memcpy(image + at, signature, 4);
    image[at + 0x0a] = 0x18;
    image[at + 0x10] = (uint8_t)(bytes / 512);
    image[at + 0x14] = type;
    image[at + 0x15] = last;
}

static void make_rom(uint8_t *rom) {
    uint8_t *more = rom + ROM_BASE;
    uint8_t *desc = rom + FWSEC_AT;
    memset(rom, 0, ROM_BYTES);
    put32(rom, 0xaa55);
    rom[0x18] = 0x40;
    pci_data(rom, 0x40, "PCIR", ROM_BASE, 0, 0);
    memcpy(rom + 0x1b0, "\xff\xb8" "BIT\0\0\1\x0c\6\1\0" "p\2\4\0\x10\2", 18);
    put32(rom + 0x210, ROM_BASE + 0x80);
    put32(more, 0x4e56);
    more[0x18] = 0x20;
    pci_data(more, 0x20, "NPDS", ROM_EXTENSION, 0xe0, 0x80);
    memcpy(more + 0x80, "\1\6\6\1\3\x2c\x85\7", 8);
    put32(more + 0x88, FWSEC_AT);
    uint32_t words[] = {(0x2c + FWSEC_SIGNATURE) << 16 | 3 << 8 | 1, FWSEC_IMEM + FWSEC_DMEM, 0x400, 0x100,
                        0, FWSEC_IMEM, 0, 0, FWSEC_DMEM, 9u << 16 | 1u << 24 | 0x400, 1};
    memcpy(desc, words, sizeof words);
    uint8_t *dmem = desc + 0x2c + FWSEC_SIGNATURE + FWSEC_IMEM;
    memcpy(dmem + 0x100, "\1\4\x08\1\4\0\0\0\x40\1\0\0", 12);
    memcpy(dmem + 0x140, "DMAP\3\0\x40\0", 8);
    put32(dmem + 0x148, 0x200);
    put32(dmem + 0x14c, 0x100);
}

static void good_booter_is_understood(void) {
    uint8_t file[2048];
    struct blob whole = {file, make_booter(file)};
    struct falcon_image booter = {0};
    struct signatures signatures = {0};
    struct blob signature;
    CHECK(booter_parse(&whole, &booter, &signatures) == 0);
    CHECK(booter.imem_bytes == 0x100 && booter.dmem_from == 0x100 && booter.dmem_bytes == 0x400);
    CHECK(booter.signature_offset == 0x10 && booter.engine_mask == 1 && booter.ucode_id == 3);
    CHECK(signatures.count == 1 && booter_signature(&signatures, 0, &signature) == 0 && signature.data[0] == 0x5a);
    CHECK(booter_signature(&signatures, 1, &signature) == 0);
    CHECK(booter_signature(&signatures, 2, &signature) == NACRE_ERR_IO);
}

static void fwsec_signature_is_that_of_the_fuse_version(void) {
    uint8_t bytes[3 * FWSEC_SIGNATURE] = {0};
    struct signatures signatures = {{bytes, sizeof bytes}, FWSEC_SIGNATURE, 3, 0x16};
    struct blob signature;
    CHECK(fwsec_signature(&signatures, 0, &signature) == NACRE_ERR_IO);
    CHECK(fwsec_signature(&signatures, 1, &signature) == 0 && signature.data == bytes);
    CHECK(fwsec_signature(&signatures, 2, &signature) == 0 && signature.data == bytes + FWSEC_SIGNATURE);
    CHECK(fwsec_signature(&signatures, 4, &signature) == 0 && signature.data == bytes + 2 * FWSEC_SIGNATURE);
    CHECK(fwsec_signature(&signatures, 40, &signature) == NACRE_ERR_IO);
}

static void good_elf_is_understood(void) {
    uint8_t file[1024];
    struct blob whole = {file, make_elf(file)};
    struct blob section;
    CHECK(elf_section(&whole, ".fwimage", &section) == 0 && section.data == file + 512 && section.bytes == 100);
    CHECK(elf_section(&whole, ".fwimag", &section) == NACRE_ERR_IO);
}

static void good_rom_takes_commands(void) {
    static uint8_t rom[ROM_BYTES];
    struct fwsec fwsec = {0};
    struct fwsec_command frts = {.is_frts = true, .frts_offset = 0x3fe00000, .frts_bytes = 0x100000};
    make_rom(rom);
    CHECK(vbios_parse(rom, sizeof rom, &fwsec) == 0);
    CHECK(fwsec.program.imem_bytes == FWSEC_IMEM && fwsec.program.dmem_bytes == FWSEC_DMEM);
    CHECK(fwsec_patch(&fwsec, &frts) == 0);
    const uint8_t *dmem = fwsec.image + FWSEC_IMEM;
    CHECK(get32(dmem + 0x140 + 0x2c) == 0x15 && get32(dmem + 0x200 + 24 + 8) == 0x3fe00 &&
          get32(dmem + 0x200 + 24 + 12) == 0x100);
    frts.is_frts = false;
    CHECK(fwsec_patch(&fwsec, &frts) == 0 && get32(dmem + 0x140 + 0x2c) == 0x19);
    fwsec_free(&fwsec);
}

static void parse_rom(const struct blob *rom) {
    struct fwsec fwsec = {0};
    struct fwsec_command frts = {.is_frts = true};
    if (vbios_parse(rom->data, (uint32_t)rom->bytes, &fwsec) == 0) {
        (void)fwsec_patch(&fwsec, &frts);
    }
    fwsec_free(&fwsec);
}

static void parse_file(const struct blob *file) {
    struct falcon_image booter = {0};
    struct signatures signatures = {0};
    struct riscv_image riscv;
    struct blob section;
    (void)booter_parse(file, &booter, &signatures);
    (void)riscv_parse(file, &riscv);
    (void)elf_section(file, ".fwimage", &section);
}

/* Every shorter part, and many changed ones. */
static void is_never_read_out_of_bounds(const uint8_t *good, uint32_t bytes, void (*parse)(const struct blob *)) {
    uint64_t seed = bytes;
    for (uint32_t length = 0; length <= bytes; length += length < 700 ? 1 : 97) {
        struct blob part = exact(good, length);
        parse(&part);
        free((void *)part.data);
    }
    struct blob changed = exact(good, bytes);
    uint8_t *at = (uint8_t *)changed.data;
    for (int i = 0; i < MUTATIONS; i++) {
        uint32_t places[3];
        for (int k = 0; k < 3; k++) {
            places[k] = (uint32_t)(next_random(&seed) % bytes);
            at[places[k]] = next_random(&seed) % 3 == 0 ? 0xff : (uint8_t)next_random(&seed);
        }
        parse(&changed);
        for (int k = 0; k < 3; k++) {
            at[places[k]] = good[places[k]];
        }
    }
    free(at);
}

static void hostile_replies_of_the_firmware_are_bounded(void) {
    static struct board board;
    uint64_t seed = 3;
    for (const struct gsp_abi *const *abi = gsp_abi_all(); *abi != NULL; abi++) {
        uint8_t *info = calloc(1, (size_t)(*abi)->static_info_bytes);
        uint8_t *table = calloc(1, DEVICE_INFO_BYTES);
        CHECK(info != NULL && table != NULL);
        for (int i = 0; i < MUTATIONS / 10; i++) {
            for (int k = 0; k < DEVICE_INFO_BYTES; k++) {
                table[k] = (uint8_t)next_random(&seed);
                info[k % (*abi)->static_info_bytes] = (uint8_t)next_random(&seed);
            }
            put32(table, (uint32_t)(next_random(&seed) % 130));
            put32(table + DEVICE_INFO_COUNT, (uint32_t)(next_random(&seed) % 34));
            put32(info + (*abi)->static_fb_regions, (uint32_t)(next_random(&seed) % 18));
            board = (struct board){0};
            (void)static_info_parse(*abi, info, MIB(1024), &board);
            (void)device_table_parse(*abi, table, &board);
            (void)interrupt_table_parse(*abi, table, &board);
            CHECK(board.fb_region_count <= NACRE_MAX_FB_REGIONS && board.engine_count <= BOARD_ENGINES);
        }
        free(info);
        free(table);
    }
}

/* The example of a GPU with 1 GiB, and firmware of 64 KiB with a boot loader of 4 KiB. */
static void memory_is_divided_as_other_drivers_do(void) {
    struct fb_request request = {.fb_bytes = MIB(1024), .vga_offset = MIB(1023), .boot_bytes = 0x1000,
                                 .image_bytes = 0x10000, .abi = gsp_abi_all()[0]};
    struct fb_layout layout;
    CHECK(fb_layout_make(&request, &layout) == 0);
    CHECK(layout.frts.offset == 0x3fe00000 && layout.boot.offset == 0x3fdff000 && layout.wpr_end == 0x3ff00000);
    CHECK(layout.heap.bytes == 0x7f00000 && layout.wpr.offset == 0x37d00000 && layout.non_wpr.offset == 0x37c00000);
    /* Virtual GPUs have parts of a larger heap. */
    request.fb_bytes = MIB(2048);
    request.vga_offset = MIB(2047);
    request.vfs = 2;
    CHECK(fb_layout_make(&request, &layout) == 0);
    CHECK(layout.heap.bytes >= MIB(256) && layout.heap.bytes < MIB(258) && layout.vf_partitions == 2);
    request.vfs = 48;
    CHECK(fb_layout_make(&request, &layout) == 0);
    CHECK(layout.heap.bytes >= MIB(581) && layout.heap.bytes < MIB(583) && layout.vf_partitions == 32);
    request.vfs = 0;
    request.fb_bytes = MIB(200);
    request.vga_offset = MIB(199);
    CHECK(fb_layout_make(&request, &layout) == NACRE_ERR_NO_SPACE);
}

int main(void) {
    static uint8_t rom[ROM_BYTES];
    uint8_t file[2048];
    good_booter_is_understood();
    fwsec_signature_is_that_of_the_fuse_version();
    good_elf_is_understood();
    good_rom_takes_commands();
    make_rom(rom);
    is_never_read_out_of_bounds(rom, sizeof rom, parse_rom);
    uint32_t bytes = make_booter(file);
    is_never_read_out_of_bounds(file, bytes, parse_file);
    bytes = make_elf(file);
    is_never_read_out_of_bounds(file, bytes, parse_file);
    hostile_replies_of_the_firmware_are_bounded();
    memory_is_divided_as_other_drivers_do();
    return 0;
}
