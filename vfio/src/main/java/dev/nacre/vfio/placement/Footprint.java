package dev.nacre.vfio.placement;

/**
 * What a type of virtual GPU takes of a board.
 *
 * @param profileGib the memory that its name says: from 1
 * @param maxInstances how many of them a board can have: from 1
 * @param fbBytes its guest's memory
 * @param heapBytes its plugin's memory
 */
public record Footprint(int profileGib, int maxInstances, long fbBytes, long heapBytes) {
    /**
     * Checks it.
     *
     * @throws IllegalArgumentException naming the value and what is allowed
     */
    public Footprint {
        if (profileGib < 1 || maxInstances < 1 || fbBytes < 1 || heapBytes < 0 || (fbBytes | heapBytes) > 1L << 48) {
            throw new IllegalArgumentException("Share of a board: profile=" + profileGib + "G instances=" + maxInstances
                    + " fb=" + fbBytes + " heap=" + heapBytes + " allowed=from 1");
        }
    }
}
