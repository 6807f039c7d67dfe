package dev.nacre.testsupport.driver;

import java.util.Random;

/** Times copies of a copy engine, from the doorbell to the semaphore, and checks what was copied. One thread. */
public final class CopyTimer {
    /** Between which memories is copied. */
    public enum Kind {
        /** Within the board's memory, pages of 2 MiB. */
        VIDEO_TO_VIDEO,
        /** From scattered system memory in pages of 4 KiB to the board's. */
        SYSTEM_TO_VIDEO,
        /** From the board's memory to scattered system memory in pages of 4 KiB. */
        VIDEO_TO_SYSTEM
    }

    private static final long VA_VIDEO_A = 0x8_0000_0000L;
    private static final long VA_VIDEO_B = 0x9_0000_0000L;
    private static final long VA_SYSTEM = 0xa_0000_0000L;
    private static final int MIB = 1 << 20;

    private final Check check;
    private final CopyChannel channel;
    private final DmaBuffer system;
    private final int sizeBytes;
    private final byte[] noise;

    CopyTimer(Device device, CopyChannel channel, AddressSpace space, VramPlan plan, Random random) {
        this.check = device.check;
        this.channel = channel;
        this.sizeBytes = (int) Math.min(32L * MIB, ((plan.dataBytes() - 16L * MIB) / 2) & (-2L * MIB));
        long video = plan.data() + 16L * MIB;
        space.mapVideo(VA_VIDEO_A, video, sizeBytes, PageTables.Page.HUGE);
        space.mapVideo(VA_VIDEO_B, video + sizeBytes, sizeBytes, PageTables.Page.HUGE);
        this.system = space.mapNew(VA_SYSTEM, sizeBytes);
        this.noise = new byte[sizeBytes];
        random.nextBytes(noise);
        system.putBytes(0, noise);
        channel.run(Copies.linear(VA_SYSTEM, VA_VIDEO_A, sizeBytes));
    }

    /** Bytes of each copy. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Copies once. @return nanoseconds from the doorbell until the semaphore was seen */
    public long copyNs(Kind kind) {
        PushBuffer work = switch (kind) {
            case VIDEO_TO_VIDEO -> Copies.linear(VA_VIDEO_A, VA_VIDEO_B, sizeBytes);
            case SYSTEM_TO_VIDEO -> Copies.linear(VA_SYSTEM, VA_VIDEO_A, sizeBytes);
            case VIDEO_TO_SYSTEM -> Copies.linear(VA_VIDEO_B, VA_SYSTEM, sizeBytes);
        };
        long start = System.nanoTime();
        channel.run(work);
        return System.nanoTime() - start;
    }

    /**
     * Makes sure that the data survived: copies it to the other place in the board's memory and back to system memory.
     *
     * @throws DriverException if it did not
     */
    public void verify() {
        channel.run(Copies.linear(VA_VIDEO_A, VA_VIDEO_B, sizeBytes));
        system.putBytes(0, new byte[sizeBytes]);
        channel.run(Copies.linear(VA_VIDEO_B, VA_SYSTEM, sizeBytes));
        check.equal("data after timed copies", noise, system.bytesAt(0, sizeBytes));
    }
}
