package dev.nacre.testsupport.driver;

import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.SemExecute;
import java.util.Arrays;

/** Copies of all forms on one channel, with the data compared. */
final class CopyProbe {
    private static final int MIB = 1 << 20;
    private static final int TARGET_VIDEO = 0;
    private static final int TARGET_SYSTEM = 1;
    private static final int AREA = 4 * MIB;

    private static final long VA_SMALL = 0x2_0000_0000L;
    private static final long VA_BIG = 0x2_4000_0000L;
    private static final long VA_SYSTEM = 0x4_0000_0000L;
    private static final long VA_SYSTEM_BIG = 0x4_4000_0000L;
    private static final long VA_RESULT = 0x4_8000_0000L;

    /** Near the end of the 49 bits, under the root's last entry. */
    private static final long VA_HUGE = 0x1_ff80_0000_0000L;

    private final Device device;
    private final Check check;
    private final CopyChannel channel;
    private final VramAccess window;
    private final long video;
    private final DmaBuffer source;
    private final DmaBuffer sourceBig;
    private final DmaBuffer result;

    /**
     * Maps what the copies need.
     *
     * @param window reaches the board's memory from {@code video} on
     * @param video 12 MiB of the board's memory, aligned to 2 MiB
     */
    CopyProbe(Device device, CopyChannel channel, AddressSpace space, VramAccess window, long video) {
        this.device = device;
        this.check = device.check;
        this.channel = channel;
        this.window = window;
        this.video = video;
        this.source = space.mapNew(VA_SYSTEM, AREA);
        this.sourceBig = space.mapNewBlocks(VA_SYSTEM_BIG, MIB);
        this.result = space.mapNew(VA_RESULT, AREA);
        mapReversed(space, VA_SMALL, video, PageTables.Page.SMALL);
        mapReversed(space, VA_BIG, video + AREA, PageTables.Page.BIG);
        space.mapVideo(VA_HUGE, video + 2L * AREA, AREA, PageTables.Page.HUGE);
    }

    /** Runs all of them. @return a line about them */
    String probe() {
        channel.bindCopyObject();
        roundTrip();
        unaligned();
        rectangles();
        physical();
        fill();
        engineSemaphores();
        acquire();
        burst();
        return "system and board memory, 4 KiB, 64 KiB and 2 MiB pages, physical, lines, fill, semaphores";
    }

    /** Pages in the opposite order, so that runs are not contiguous. */
    private static void mapReversed(AddressSpace space, long va, long physical, PageTables.Page page) {
        for (long at = 0; at < AREA; at += page.bytes()) {
            space.mapVideo(va + at, physical + AREA - page.bytes() - at, page.bytes(), page);
        }
    }

    private void roundTrip() {
        byte[] noise = device.noise(AREA);
        source.putBytes(0, noise);
        channel.run(Copies.linear(VA_SYSTEM, VA_SMALL, AREA));
        channel.run(Copies.linear(VA_SMALL, VA_BIG, AREA));
        channel.run(Copies.linear(VA_BIG, VA_HUGE, AREA));
        for (int at = 0; at < AREA; at += MIB) {
            check.equal(
                    "copied through small, big and huge pages, seen through BAR1",
                    Arrays.copyOfRange(noise, at, at + MIB),
                    window.bytesAt(video + 2L * AREA + at, MIB));
        }
        long probe = new Words(noise).longAt(0x12340);
        check.equal("8 bytes through BAR1", probe, window.longAt(video + 2L * AREA + 0x12340));
        check.equal(
                "last small page lies first",
                Arrays.copyOfRange(noise, AREA - 4096, AREA),
                window.bytesAt(video, 4096));
        channel.run(Copies.linear(VA_HUGE, VA_RESULT, AREA));
        check.equal("copied back to system memory", noise, result.bytesAt(0, AREA));
        byte[] big = device.noise(MIB);
        sourceBig.putBytes(0, big);
        channel.run(Copies.linear(VA_SYSTEM_BIG, VA_RESULT + 4096, MIB));
        check.equal("copied from 64-KiB pages of system memory", big, result.bytesAt(4096, MIB));
    }

    private void unaligned() {
        byte[] noise = device.noise(100_003);
        source.putBytes(5, noise);
        channel.run(Copies.linear(VA_SYSTEM + 5, VA_BIG + 0xfff1, noise.length));
        channel.run(Copies.linear(VA_BIG + 0xfff1, VA_RESULT + 3, noise.length));
        check.equal("unaligned copy over page ends", noise, result.bytesAt(3, noise.length));
        source.putInt(0x100, 0xcafe_0001);
        channel.run(Copies.linear(VA_SYSTEM + 0x100, VA_HUGE + 8, 4));
        check.equal("4 bytes to the board", 0xcafe_0001, window.intAt(video + 2L * AREA + 8));
        channel.run(Copies.linear(VA_HUGE + 8, VA_RESULT + 0x200, 4));
        check.equal("4 bytes from the board", 0xcafe_0001, result.intAt(0x200));
    }

    private void rectangles() {
        int pitchIn = 4096;
        int pitchOut = 1280;
        int line = 1000;
        int lines = 100;
        byte[] noise = device.noise(pitchIn * lines);
        source.putBytes(0, noise);
        byte[] expected = new byte[pitchOut * lines];
        result.putBytes(0, expected);
        for (int y = 0; y < lines; y++) {
            System.arraycopy(noise, y * pitchIn, expected, y * pitchOut, line);
        }
        channel.run(Copies.lines(VA_SYSTEM, VA_RESULT, pitchIn, pitchOut, line, lines));
        check.equal("lines with different pitches", expected, result.bytesAt(0, expected.length));
    }

    private void physical() {
        long from = video + 2L * AREA + 0x10_0000;
        byte[] noise = device.noise(4096);
        window.putBytes(from, noise);
        DmaBuffer page = device.memory.allocate(4096);
        channel.run(Copies.physical(from, TARGET_VIDEO, page.iova(0), TARGET_SYSTEM, 4096));
        check.equal("physical copy to system memory", noise, page.bytesAt(0, 4096));
        byte[] back = device.noise(4096);
        page.putBytes(0, back);
        channel.run(Copies.physical(page.iova(0), TARGET_SYSTEM, from, TARGET_VIDEO, 4096));
        check.equal("physical copy to the board", back, window.bytesAt(from, 4096));
    }

    private void fill() {
        int words = 64 << 8;
        channel.run(Copies.fill(VA_HUGE + 0x4000, words, 0x600d_f00d));
        Words filled = new Words(window.bytesAt(video + 2L * AREA + 0x4000, 4 * words));
        for (int i = 0; i < words; i++) {
            check.equal("filled word", 0x600d_f00d, filled.intAt(4 * i));
        }
    }

    private void engineSemaphores() {
        DmaBuffer page = channel.semaphore();
        long va = channel.semaphoreVa();
        page.putInt(0x104, 0x1234_5678);
        channel.run(Copies.withSemaphore(VA_SYSTEM, VA_HUGE, 64, va + 0x100, 0x51, Copies.SEMAPHORE_ONE_WORD));
        check.equal("one-word semaphore", 0x51, page.intAt(0x100));
        check.equal("word behind a one-word semaphore", 0x1234_5678, page.intAt(0x104));
        channel.run(Copies.withSemaphore(VA_SYSTEM, VA_HUGE, 64, va + 0x200, 0x52, Copies.SEMAPHORE_FOUR_WORDS));
        check.equal("four-word semaphore", 0x52, page.intAt(0x200));
        check.differ("time stamp of a four-word semaphore", 0, page.longAt(0x208));
    }

    /** Work behind an acquire waits for the processor, and only that. */
    private void acquire() {
        DmaBuffer page = channel.semaphore();
        long va = channel.semaphoreVa() + 0x300;
        page.putInt(0x300, 6);
        source.putInt(0, 0x0acc_0001);
        result.putInt(0, 0);
        int wait = PushBuffer.semaphore(SemExecute.Operation.ACQ_CIRC_GEQ);
        channel.submit(new PushBuffer().host(HostMethod.SEM_ADDR_LO, (int) va, (int) (va >>> 32), 7, 0, wait), false);
        channel.submit(Copies.linear(VA_SYSTEM, VA_RESULT, 4), false);
        int after = channel.releaseSemaphore();
        check.equal("copy behind an acquire", 0, result.intAt(0));
        page.putIntRelease(0x300, 8);
        channel.awaitSemaphore(after);
        check.equal("copy behind a met acquire", 0x0acc_0001, result.intAt(0));
    }

    /** More entries than the ring has, in bursts with one doorbell each, done in order. */
    private void burst() {
        for (int round = 0; round < 3; round++) {
            PushBuffer[] pieces = new PushBuffer[400];
            for (int i = 0; i < pieces.length; i++) {
                source.putInt(4L * i, round * 1000 + i);
                pieces[i] =
                        Copies.linear(VA_SYSTEM + 4L * i, VA_HUGE + 0x1000, 4).nop();
            }
            channel.submitAll(Arrays.asList(pieces));
            channel.awaitSemaphore(channel.releaseSemaphore());
            check.equal("last of a burst", round * 1000 + pieces.length - 1, window.intAt(video + 2L * AREA + 0x1000));
        }
    }
}
