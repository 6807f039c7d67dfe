package dev.nacre.board.vgpu;

/**
 * What a head of a guest GPU shows.
 *
 * @param head from 0
 * @param width pixels
 * @param height lines
 * @param pitchBytes bytes from line to line; for a block-linear surface, of a line of blocks
 * @param offset of its first byte in the guest GPU's memory
 * @param bytes its size
 * @param format the display engine's number of the format
 * @param blockLinear whether it lies in blocks
 * @param blockHeight log2 of a block's height in GOBs, for a block-linear one
 */
public record GuestSurface(
        int head,
        int width,
        int height,
        int pitchBytes,
        long offset,
        long bytes,
        int format,
        boolean blockLinear,
        int blockHeight) {}
