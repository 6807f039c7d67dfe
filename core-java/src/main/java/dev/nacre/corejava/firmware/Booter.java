package dev.nacre.corejava.firmware;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.falcon.FalconUcode;
import dev.nacre.corejava.io.HostileBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A booter: signed firmware for SEC2's falcon.
 *
 * @param name for messages
 * @param image code and data
 * @param signatures newest first
 * @param patchLocation where in the image a signature goes
 * @param fuseVersion version of the first signature
 * @param engineIdMask engines that it is for
 * @param ucodeId its number among theirs
 * @param codeOffset where in the image the secure code is, and its tag
 * @param codeBytes its size
 * @param dataOffset where in the image the data is
 * @param dataBytes its size
 */
public record Booter(
        String name,
        HostileBytes image,
        List<HostileBytes> signatures,
        long patchLocation,
        int fuseVersion,
        int engineIdMask,
        int ucodeId,
        long codeOffset,
        long codeBytes,
        long dataOffset,
        long dataBytes) {
    // HW: nouveau include/nvfw/hs.h, struct nvfw_hs_header_v2: words. Three of them are the places of words.
    private static final int SIGNATURES = 0x00;
    private static final int SIGNATURES_BYTES = 0x04;
    private static final int PATCH_LOCATION_AT = 0x08;
    private static final int PATCH_SIGNATURE_AT = 0x0c;
    private static final int META = 0x10;
    private static final int SIGNATURE_COUNT_AT = 0x18;
    private static final int LOAD_HEADER = 0x1c;

    // HW: meta data {fuse version, engine mask, ucode id}; struct nvfw_hs_load_header_v2 {code offset and size, data
    // offset and size, applications, {code offset and size, data offset and size} of each}
    private static final int META_ENGINE_MASK = 0x04;
    private static final int META_UCODE_ID = 0x08;
    private static final int LOAD_DATA_OFFSET = 0x08;
    private static final int LOAD_DATA_SIZE = 0x0c;
    private static final int LOAD_APPS = 0x10;
    private static final int LOAD_APP0_OFFSET = 0x14;
    private static final int LOAD_APP0_SIZE = 0x18;

    private static final int MAX_SIGNATURES = 64;

    /** Makes it. */
    public Booter {
        signatures = List.copyOf(signatures);
    }

    /** Parses a file. @throws CoreException with {@link CoreError#IO} if it is none */
    public static Booter parse(HostileBytes file) {
        BinFile bin = BinFile.parse(file);
        long header = bin.header();
        long count = file.uintAt(file.uintAt(header + SIGNATURE_COUNT_AT));
        file.require(count > 0 && count <= MAX_SIGNATURES, count + " signatures");
        long first = file.uintAt(header + SIGNATURES) + file.uintAt(file.uintAt(header + PATCH_SIGNATURE_AT));
        long each = file.uintAt(header + SIGNATURES_BYTES) / count;
        List<HostileBytes> signatures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            signatures.add(file.part(first + i * each, each));
        }
        long meta = file.uintAt(header + META);
        long load = file.uintAt(header + LOAD_HEADER);
        file.require(file.intAt(load + LOAD_APPS) > 0, "no application");
        return new Booter(
                file.toString(),
                bin.data(),
                signatures,
                file.uintAt(file.uintAt(header + PATCH_LOCATION_AT)),
                file.intAt(meta),
                file.intAt(meta + META_ENGINE_MASK),
                file.intAt(meta + META_UCODE_ID),
                file.uintAt(load + LOAD_APP0_OFFSET),
                file.uintAt(load + LOAD_APP0_SIZE),
                file.uintAt(load + LOAD_DATA_OFFSET),
                file.uintAt(load + LOAD_DATA_SIZE));
    }

    /**
     * The firmware, signed for a board.
     *
     * @param boardFuseVersion least version that the board takes; 0 for any
     * @throws CoreException with {@link CoreError#IO} if there is no signature for the board
     */
    public FalconUcode ucode(int boardFuseVersion) {
        // HW: nouveau nvkm/falcon/ga100.c, nova-core firmware/booter.rs: without a fuse the last one is for the board.
        int index = boardFuseVersion == 0 ? signatures.size() - 1 : fuseVersion - boardFuseVersion;
        image.require(
                index >= 0 && index < signatures.size(),
                "no signature for version " + boardFuseVersion + " among " + signatures.size() + " from "
                        + fuseVersion);
        HostileBytes signature = signatures.get(index);
        image.require(image.contains(patchLocation, signature.size()), "signature at " + patchLocation);
        image.require(patchLocation >= dataOffset, "signature at " + patchLocation + " is not in the data");
        byte[] signed = image.copy();
        System.arraycopy(signature.copy(), 0, signed, (int) patchLocation, signature.size());
        HostileBytes all = new HostileBytes(name, signed);
        return new FalconUcode(
                name,
                all.part(codeOffset, codeBytes),
                0,
                (int) codeOffset,
                all.part(dataOffset, dataBytes),
                0,
                (int) (patchLocation - dataOffset),
                engineIdMask,
                ucodeId,
                (int) codeOffset);
    }
}
