package dev.nacre.corejava.falcon;

import dev.nacre.corejava.io.HostileBytes;

/**
 * Signed firmware for a falcon, ready to be loaded.
 *
 * @param name for messages
 * @param imem code, a multiple of 256 bytes
 * @param imemAddress where in the falcon's code memory it goes
 * @param imemVirtualAddress the tag of its first block
 * @param dmem data, a multiple of 256 bytes, with the signature in it
 * @param dmemAddress where in the falcon's data memory it goes
 * @param signatureOffset where in data memory the boot ROM finds the signature
 * @param engineIdMask engines that it is for
 * @param ucodeId its number among theirs
 * @param bootVector where it starts
 */
public record FalconUcode(
        String name,
        HostileBytes imem,
        int imemAddress,
        int imemVirtualAddress,
        HostileBytes dmem,
        int dmemAddress,
        int signatureOffset,
        int engineIdMask,
        int ucodeId,
        int bootVector) {}
