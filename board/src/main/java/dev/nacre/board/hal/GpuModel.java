package dev.nacre.board.hal;

import dev.nacre.hw.chip.Chip;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * One GPU as its driver is told: a whole board, or what a guest sees of one.
 *
 * @param hal its chip
 * @param name the product's name
 * @param deviceId PCI device id
 * @param subsystemId PCI subsystem id
 * @param uuid its id
 * @param fbBytes size of its memory
 * @param heads its display heads; with 0 the display engine is fused off
 * @param channels how many channels each runlist can have
 * @param ecc whether its memory corrects errors
 */
public record GpuModel(
        ChipHal hal,
        String name,
        int deviceId,
        int subsystemId,
        UUID uuid,
        long fbBytes,
        int heads,
        int channels,
        boolean ecc) {
    /** Channels of each runlist of a whole board. */
    public static final int MAX_CHANNELS = 2048;

    /** That of a whole board. */
    public static GpuModel ofBoard(Chip chip, long fbBytes, int heads, boolean ecc) {
        String seed = "nacre " + chip.id() + " " + fbBytes;
        return new GpuModel(
                ChipHal.of(chip),
                chip.productName(),
                chip.deviceId(),
                chip.subsystemId(),
                UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)),
                fbBytes,
                heads,
                MAX_CHANNELS,
                ecc);
    }
}
