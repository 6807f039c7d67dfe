package dev.nacre.testsupport.driver;

/**
 * A signed firmware as it is loaded into a falcon.
 *
 * @param imem code; a multiple of 256 bytes
 * @param imemAddress where in IMEM it goes
 * @param imemVirtualAddress the tag of its first block
 * @param dmem data; a multiple of 256 bytes
 * @param dmemAddress where in DMEM it goes
 * @param signatureOffset where the boot ROM finds the signature
 * @param engineIdMask engines that it is for
 * @param ucodeId its number among them
 * @param bootVector where the falcon starts
 */
record FalconUcode(
        Words imem,
        int imemAddress,
        int imemVirtualAddress,
        Words dmem,
        int dmemAddress,
        int signatureOffset,
        int engineIdMask,
        int ucodeId,
        int bootVector) {}
