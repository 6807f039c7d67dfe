package dev.nacre.board.vgpu;

import java.util.Optional;

/**
 * A type of virtual GPU that a host has told of.
 *
 * @param id its number
 * @param fbBytes memory that a guest has
 * @param encoderCapacity share of the encoder in percent
 * @param guest what its guests' GPUs have in common
 */
public record PluginType(int id, long fbBytes, int encoderCapacity, GuestGpuType guest) {
    private static final int MAX_HEADS = 4;
    private static final int MAX_FRAME_RATE = 1000;
    private static final int MAX_INSTANCES = 64;
    private static final int MAX_PIXELS = 0x8000;
    private static final long MIN_BAR1_BYTES = 64L << 20;
    private static final long MAX_BAR1_BYTES = 256L << 20;

    /** What is wrong with it, empty if nothing is. */
    Optional<String> defect() {
        if (id == 0) {
            return Optional.of("vgpuType=0");
        }
        if (guest.name().isEmpty()) {
            return Optional.of("vgpuName is empty");
        }
        if (guest.heads() < 0 || guest.heads() > MAX_HEADS) {
            return Optional.of("numHeads=" + guest.heads());
        }
        if (guest.maxWidth() < 0
                || guest.maxWidth() > MAX_PIXELS
                || guest.maxHeight() < 0
                || guest.maxHeight() > MAX_PIXELS) {
            return Optional.of("maxResolution=" + guest.maxWidth() + "x" + guest.maxHeight());
        }
        if (guest.frameRateLimit() < 0 || guest.frameRateLimit() > MAX_FRAME_RATE) {
            return Optional.of("frlConfig=" + guest.frameRateLimit());
        }
        if (guest.maxInstances() < 1 || guest.maxInstances() > MAX_INSTANCES) {
            return Optional.of("maxInstance=" + guest.maxInstances());
        }
        long bar1 = guest.bar1Bytes();
        if (bar1 < MIN_BAR1_BYTES || bar1 > MAX_BAR1_BYTES || Long.bitCount(bar1) != 1) {
            return Optional.of("bar1Length=" + bar1);
        }
        if (fbBytes <= 0) {
            return Optional.of("fbLength=" + fbBytes);
        }
        return encoderCapacity < 0 || encoderCapacity > 100
                ? Optional.of("encoderCapacity=" + encoderCapacity)
                : Optional.empty();
    }
}
