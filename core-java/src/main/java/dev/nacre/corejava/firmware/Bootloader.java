package dev.nacre.corejava.firmware;

import dev.nacre.core.CoreError;
import dev.nacre.corejava.io.HostileBytes;

/**
 * The boot loader of the GSP's RISC-V core.
 *
 * @param image what is loaded
 * @param codeOffset of its code in the image
 * @param dataOffset of its data
 * @param manifestOffset of its manifest
 * @param appVersion its version, which the driver notes in the falcon
 */
public record Bootloader(HostileBytes image, long codeOffset, long dataOffset, long manifestOffset, int appVersion) {
    // HW: RM_RISCV_UCODE_DESC: open-gpu-kernel-modules rmRiscvUcode.h
    private static final int APP_VERSION = 0x1c;
    private static final int MANIFEST_OFFSET = 0x20;
    private static final int MONITOR_DATA_OFFSET = 0x28;
    private static final int MONITOR_CODE_OFFSET = 0x30;

    /** Parses a file. @throws CoreException with {@link CoreError#IO} if it is none */
    public static Bootloader parse(HostileBytes file) {
        BinFile bin = BinFile.parse(file);
        long descriptor = bin.header();
        bin.data().require(bin.data().size() > 0, "no image");
        return new Bootloader(
                bin.data(),
                file.uintAt(descriptor + MONITOR_CODE_OFFSET),
                file.uintAt(descriptor + MONITOR_DATA_OFFSET),
                file.uintAt(descriptor + MANIFEST_OFFSET),
                file.intAt(descriptor + APP_VERSION));
    }
}
