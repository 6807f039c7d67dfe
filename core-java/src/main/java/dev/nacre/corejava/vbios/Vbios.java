package dev.nacre.corejava.vbios;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.HostileBytes;
import java.util.List;
import java.util.Locale;

/**
 * What the boot needs of a VBIOS.
 *
 * @param version as drivers print it: {@code 95.02.11.00.01}
 * @param fwsec the firmware for the GSP's falcon
 */
public record Vbios(String version, Fwsec fwsec) {
    // HW: NVIDIA's BIT header and tokens, falcon ucode table: nova-core vbios.rs; open-gpu-kernel-modules
    // kernel_gsp_fwsec.c
    private static final int BIT_SIGNATURE = 0x4942b8ff;
    private static final int BIT_SIGNATURE_END = 'T';
    private static final int BIT_HEADER_BYTES = 8;
    private static final int BIT_TOKEN_BYTES = 9;
    private static final int BIT_TOKENS = 10;
    private static final int BIT_CHECKED_BYTES = 12;
    private static final int TOKEN_VERSION = 'i';
    private static final int TOKEN_FALCON_DATA = 'p';
    private static final int FALCON_DATA_VERSION = 2;
    private static final int TOKEN_DATA_VERSION = 1;
    private static final int TOKEN_POINTER = 4;
    private static final int UCODE_TABLE_VERSION = 1;
    private static final int APP_FWSEC_PRODUCTION = 0x85;
    private static final int ENTRY_POINTER = 2;

    /**
     * Parses a ROM.
     *
     * @param rom as PROM shows it; what follows the last image does not matter
     * @throws CoreException with {@link CoreError#IO} if it is not one that can be booted with
     */
    public static Vbios parse(HostileBytes rom) {
        List<RomImages.Image> images = RomImages.all(rom);
        HostileBytes flat = RomImages.flat(rom, images);
        long bit = bit(flat, images.getFirst().sizeBytes());
        long table = flat.uintAt(token(flat, bit, TOKEN_FALCON_DATA, FALCON_DATA_VERSION));
        return new Vbios(version(flat, token(flat, bit, TOKEN_VERSION, 0)), fwsec(flat, table));
    }

    private static long bit(HostileBytes rom, long end) {
        for (long at = 0; at + BIT_CHECKED_BYTES <= end; at++) {
            if (rom.intAt(at) == BIT_SIGNATURE && rom.shortAt(at + 4) == BIT_SIGNATURE_END && sumsToZero(rom, at)) {
                return at;
            }
        }
        throw rom.broken("no BIT header");
    }

    private static boolean sumsToZero(HostileBytes rom, long bit) {
        int sum = 0;
        for (int i = 0; i < BIT_CHECKED_BYTES; i++) {
            sum += rom.byteAt(bit + i);
        }
        return (sum & 0xff) == 0;
    }

    /** Where a token points to. */
    private static long token(HostileBytes rom, long bit, int id, int version) {
        long at = bit + rom.byteAt(bit + BIT_HEADER_BYTES);
        int size = rom.byteAt(bit + BIT_TOKEN_BYTES);
        int count = rom.byteAt(bit + BIT_TOKENS);
        for (int i = 0; i < count; i++, at += size) {
            if (rom.byteAt(at) == id && (version == 0 || rom.byteAt(at + TOKEN_DATA_VERSION) == version)) {
                return rom.shortAt(at + TOKEN_POINTER);
            }
        }
        throw rom.broken("no BIT token " + (char) id);
    }

    private static String version(HostileBytes rom, long at) {
        return String.format(
                Locale.ROOT,
                "%02x.%02x.%02x.%02x.%02x",
                rom.byteAt(at + 3),
                rom.byteAt(at + 2),
                rom.byteAt(at + 1),
                rom.byteAt(at),
                rom.byteAt(at + 4));
    }

    private static Fwsec fwsec(HostileBytes rom, long table) {
        int version = rom.byteAt(table);
        rom.require(version == UCODE_TABLE_VERSION, "falcon ucode table of version " + version);
        int header = rom.byteAt(table + 1);
        int entry = rom.byteAt(table + 2);
        int count = rom.byteAt(table + 3);
        for (int i = 0; i < count; i++) {
            long at = table + header + (long) i * entry;
            if (rom.byteAt(at) == APP_FWSEC_PRODUCTION) {
                return Fwsec.parse(rom, rom.uintAt(at + ENTRY_POINTER));
            }
        }
        throw rom.broken("no FWSEC among " + count + " falcon ucodes");
    }
}
