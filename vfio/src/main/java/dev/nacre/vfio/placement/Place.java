package dev.nacre.vfio.placement;

/**
 * Where a virtual GPU can lie. Its guest's memory and its plugin's lie in one slot, that nobody else's memory reaches into.
 *
 * @param id its placement id: GiB from the start of the board
 * @param sizeGib how many ids it takes, so that places overlap if their ids do
 * @param fbOffset where its guest's memory begins: a multiple of a segment
 * @param fbBytes size of its guest's memory: a multiple of a segment
 * @param heapOffset where its plugin's memory begins: a multiple of 2 MiB
 * @param heapBytes size of its plugin's memory: a multiple of 2 MiB
 */
public record Place(int id, int sizeGib, long fbOffset, long fbBytes, long heapOffset, long heapBytes) {
    /** Whether both cannot be taken at a time. */
    public boolean overlaps(Place other) {
        return overlap(id, (long) id + sizeGib, other.id, (long) other.id + other.sizeGib)
                || overlap(fbOffset, end(), other.fbOffset, other.end());
    }

    private long end() {
        return heapOffset + heapBytes;
    }

    private static boolean overlap(long from, long to, long otherFrom, long otherTo) {
        return from < otherTo && otherFrom < to;
    }
}
