package dev.nacre.vfio.placement;

/**
 * What of a board can be shared out.
 *
 * @param rule how it numbers places
 * @param regionGib its whole memory in GiB, the last placement id and one: 1 to 1024
 * @param fbOffset of the first byte that virtual GPUs can have: a multiple of a segment
 * @param fbBytes how much they can have from there on: a multiple of a segment
 * @param segmentBytes granularity of a virtual GPU's memory: a power of two from 2 MiB
 */
public record BoardLayout(PlacementRule rule, int regionGib, long fbOffset, long fbBytes, long segmentBytes) {
    /**
     * Checks it.
     *
     * @throws IllegalArgumentException naming the value and what is allowed
     */
    public BoardLayout {
        if (regionGib < 1 || regionGib > 1024) {
            throw new IllegalArgumentException("Memory of a board: region=" + regionGib + "G allowed=1G to 1024G");
        }
        if (segmentBytes < Placer.HEAP_ALIGN_BYTES || Long.bitCount(segmentBytes) != 1) {
            throw new IllegalArgumentException(
                    "Segment of a board: bytes=" + segmentBytes + " allowed=powers of two from 2M");
        }
        if (fbOffset < 0 || fbBytes < 0 || ((fbOffset | fbBytes) & segmentBytes - 1) != 0 || fbBytes > 1L << 48) {
            throw new IllegalArgumentException("Memory for virtual GPUs: offset=" + fbOffset + " bytes=" + fbBytes
                    + " allowed=multiples of " + segmentBytes);
        }
    }

    /**
     * The part of a range that whole segments fill.
     *
     * @param rule how the board numbers places
     * @param boardBytes its whole memory
     * @param offset of the first byte that virtual GPUs can have
     * @param bytes how much they can have from there on
     * @param segmentBytes granularity of a virtual GPU's memory
     */
    public static BoardLayout within(PlacementRule rule, long boardBytes, long offset, long bytes, long segmentBytes) {
        long start = Math.ceilDiv(offset, segmentBytes) * segmentBytes;
        long end = (offset + bytes) / segmentBytes * segmentBytes;
        int region = (int) Math.min(1024, Math.max(1, boardBytes >> 30));
        return new BoardLayout(rule, region, start, Math.max(0, end - start), segmentBytes);
    }

    /** Where a place with an id begins, if the board is divided in proportion. */
    long offset(int id) {
        long segments = fbBytes / segmentBytes;
        return fbOffset + segments * id / regionGib * segmentBytes;
    }
}
