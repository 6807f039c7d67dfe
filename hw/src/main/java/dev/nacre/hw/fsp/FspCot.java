package dev.nacre.hw.fsp;

import dev.nacre.hw.chip.Chip;
import java.util.Optional;

/**
 * NVDM_PAYLOAD_COT: asks the FSP to verify GSP-FMC, the first firmware of the GSP, and to start it. Packed; offsets are
 * from the payload's start ({@link FspPacket#PAYLOAD}).
 *
 * @param version value of {@link #VERSION} that the chip's FSP takes
 * @param hashBytes bytes of {@link #HASH384} that count
 * @param publicKeyBytes bytes of {@link #PUBLIC_KEY} that count
 * @param signatureBytes bytes of {@link #SIGNATURE} that count
 */
// HW: open-gpu-kernel-modules src/nvidia/inc/kernel/gpu/fsp/kern_fsp_cot_payload.h; sizes by chip: nouveau
// nvkm/subdev/fsp/gh100.c and gb100.c, gb202.c
public record FspCot(int version, int hashBytes, int publicKeyBytes, int signatureBytes) {
    /** As Hopper's FSP takes it: RSA-3K. */
    public static final FspCot HOPPER = new FspCot(1, 48, 384, 384);

    /** As Blackwell's FSP takes it: ECC P-384. */
    public static final FspCot BLACKWELL = new FspCot(2, 48, 97, 96);

    /** As a chip's FSP takes it; empty without FSP. */
    public static Optional<FspCot> of(Chip chip) {
        return switch (chip) {
            case AD102, GA102 -> Optional.empty();
            case GH100 -> Optional.of(HOPPER);
            case GB202 -> Optional.of(BLACKWELL);
        };
    }

    /** Version of the payload, 16 bits. */
    public static final int VERSION = 0;

    /** Bytes of the payload, 16 bits: {@link #BYTES}. */
    public static final int SIZE = 2;

    /** Bus address of GSP-FMC's image, 64 bits. */
    public static final int GSP_FMC_SYSMEM_OFFSET = 4;

    /** Bus address of FRTS in system memory, 64 bits; not used. */
    public static final int FRTS_SYSMEM_OFFSET = 12;

    /** Bytes of FRTS in system memory, 32 bits; 0. */
    public static final int FRTS_SYSMEM_SIZE = 20;

    /** Where FRTS begins, in bytes before the end of video memory, 64 bits; 0 when the GSP goes on after a suspend. */
    public static final int FRTS_VIDMEM_OFFSET = 24;

    /** Bytes of FRTS in video memory, 32 bits; 0 when the GSP goes on after a suspend. */
    public static final int FRTS_VIDMEM_SIZE = 32;

    /** SHA-384 of GSP-FMC. */
    public static final int HASH384 = 36;

    /** Public key of its signature. */
    public static final int PUBLIC_KEY = 84;

    /** Its signature. */
    public static final int SIGNATURE = 468;

    /** Bus address of {@link FmcBootParams}, 64 bits. */
    public static final int GSP_BOOT_ARGS_SYSMEM_OFFSET = 852;

    /** Bytes of the payload. */
    public static final int BYTES = 860;
}
