package dev.nacre.vfio.manager;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.vfio.placement.BoardLayout;
import dev.nacre.vfio.placement.Footprint;
import dev.nacre.vfio.placement.PlacementMode;
import dev.nacre.vfio.placement.Placer;
import dev.nacre.vfio.type.CatalogType;
import java.util.OptionalLong;

/**
 * What of a board can be divided between virtual GPUs.
 *
 * @param board the board
 * @param offset of the first byte of its memory that they can have
 * @param bytes how much they can have from there on
 * @param mode whether it takes different types at a time
 */
record BoardSplit(BoardInfo board, long offset, long bytes, PlacementMode mode) {
    /** Finds the largest part of a board's memory that is free: what its core keeps for itself lies anywhere. */
    static BoardSplit of(BoardInfo board, Attachment attachment, PlacementMode mode) {
        long segment = board.vmmuSegmentBytes();
        long least = 0;
        long most = attachment.totalFbBytes() / segment + 1;
        long offset = 0;
        while (most - least > 1) {
            long middle = (least + most) / 2;
            try (FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(middle * segment, segment))) {
                offset = memory.offset();
                least = middle;
            } catch (CoreException e) {
                if (e.error() != CoreError.NO_SPACE) {
                    throw e;
                }
                most = middle;
            }
        }
        return new BoardSplit(board, offset, least * segment, mode);
    }

    /** A wish for all of it. @throws CoreException with {@link CoreError#NO_SPACE} if there is nothing */
    FbRequest request() {
        if (bytes == 0) {
            throw new CoreException(
                    CoreError.NO_SPACE, "The board has no memory for virtual GPUs: fb=" + board.fbBytes());
        }
        return new FbRequest(bytes, board.vmmuSegmentBytes(), OptionalLong.of(offset));
    }

    /** Finds places for virtual GPUs of a type. */
    Placer placer(CatalogType type) {
        return new Placer(
                BoardLayout.within(type.placement(), board.fbBytes(), offset, bytes, board.vmmuSegmentBytes()), mode);
    }

    /** What one of a type takes. */
    Footprint footprint(CatalogType type) {
        Footprint whole = type.footprint();
        if (!board.ecc()) {
            return whole;
        }
        // HW: NVIDIA's proposed vGPU manager, for a board whose error correction takes a part of its memory
        long segment = board.vmmuSegmentBytes();
        long share = bytes / whole.maxInstances() - type.memory().reservedBytes() - whole.heapBytes();
        long fbBytes = Math.max(segment, Math.min(whole.fbBytes(), share - Math.floorMod(share, segment)));
        return new Footprint(whole.profileGib(), whole.maxInstances(), fbBytes, whole.heapBytes());
    }

    /** Whether a type can be used on this board. */
    boolean takes(CatalogType type) {
        return !board.ecc() || type.share().ecc();
    }
}
