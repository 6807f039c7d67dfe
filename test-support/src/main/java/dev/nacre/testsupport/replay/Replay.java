package dev.nacre.testsupport.replay;

import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.InterruptSink;
import dev.nacre.pci.PciFunction;
import dev.nacre.testsupport.replay.LogEntry.Accesses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Plays a recording to a fresh function and compares all that it answers. One thread. The host memory of the recording
 * lives here, so that the rest of a recording can be played to another function that took over the first one's state.
 */
public final class Replay implements AutoCloseable {
    private static final int CONTEXT = 12;

    /** Short writes may be semaphores with the time in them. */
    private static final int COMPARED_BYTES = 17;

    private final AccessLog log;
    private final List<TimeLike> timeLike;
    private final IntFunction<String> registerName;
    private final boolean timedMessages;
    private final Arena arena = Arena.ofShared();
    private final ReplayMemory memory;
    private final MemorySegment buffer = arena.allocate(LogWriter.MAX_RUN_BYTES + 8, 8);
    private final Deque<String> context = new ArrayDeque<>();
    private @Nullable ReplayTarget target;
    private long access;
    private int entry;
    private int inRun;
    private long messagesBefore;
    private long messagesRecorded;

    /**
     * Prepares a recording.
     *
     * @param timeLike registers that are not compared
     * @param registerName tells the name of a register in BAR0 for messages
     */
    public Replay(AccessLog log, List<TimeLike> timeLike, IntFunction<String> registerName) {
        this.log = log;
        this.timeLike = List.copyOf(timeLike);
        this.registerName = registerName;
        this.timedMessages = log.header().hasDisplay();
        this.memory = new ReplayMemory(log, arena);
    }

    /** Goes on with a function: a fresh one at the start, later one that is in the state of the one before. */
    public void attach(ReplayTarget next) {
        detach();
        target = next;
        messagesBefore = next.function().interrupts().messageCount();
        messagesRecorded = 0;
        memory.map(next.function().memory());
        next.function().interrupts().bind(InterruptKind.MSI, 0, new Ignored());
    }

    /** Accesses played so far. */
    public long position() {
        return access;
    }

    /**
     * Plays until so many accesses were made, or to the end.
     *
     * @throws ReplayDifference at the first difference
     */
    public void playTo(long accesses) {
        while (entry < log.entries().size() && access < accesses) {
            play(log.entries().get(entry), accesses);
        }
    }

    /**
     * Plays to the end.
     *
     * @throws ReplayDifference at the first difference
     */
    public void play() {
        playTo(Long.MAX_VALUE);
    }

    /** Lets go of the function and frees the memory. */
    @Override
    public void close() {
        detach();
        arena.close();
    }

    private void detach() {
        if (target != null) {
            target.function().interrupts().clear();
            target.function().memory().clear();
            target = null;
        }
    }

    private void play(LogEntry next, long until) {
        ReplayTarget to = target();
        switch (next) {
            case Accesses run -> {
                play(to, run, until);
                if (inRun < run.count()) {
                    return;
                }
                inRun = 0;
            }
            case LogEntry.Memory content -> memory.put(content);
            case LogEntry.Written written -> compare(written);
            case LogEntry.Messages(int count) -> compareMessages(to, count);
            case LogEntry.Reset() -> {
                to.function().reset();
                to.drain().run();
                note("reset");
            }
            case LogEntry.Disconnected() -> {
                detach();
                to.function().disconnected();
                attach(to);
                note("disconnected");
            }
        }
        entry++;
    }

    private void play(ReplayTarget to, Accesses run, long until) {
        PciFunction function = to.function();
        MemorySegment data = run.data();
        note(text(run));
        while (inRun < run.count() && access < until) {
            long offset = run.offset() + (long) inRun * run.stride();
            long at = (long) inRun * run.width();
            if (run.write()) {
                MemorySegment.copy(data, at, buffer, 0, run.width());
                function.write(run.region(), offset, buffer, 0, run.width());
                if (Doorbells.mayStartWork(run.region(), offset)) {
                    to.drain().run();
                }
            } else {
                function.read(run.region(), offset, buffer, 0, run.width());
                if (buffer.asSlice(0, run.width()).mismatch(data.asSlice(at, run.width())) >= 0) {
                    compare(run.region(), offset, data.asSlice(at, run.width()));
                }
            }
            inRun++;
            access++;
        }
    }

    /** Bytes differ; perhaps only where they may. */
    private void compare(int region, long offset, MemorySegment expected) {
        byte[] want = expected.toArray(ValueLayout.JAVA_BYTE);
        byte[] got = buffer.asSlice(0, want.length).toArray(ValueLayout.JAVA_BYTE);
        byte[] maskedWant = want.clone();
        byte[] maskedGot = got.clone();
        for (int i = 0; i < want.length && region == 0; i++) {
            int mask = timeMask(offset + i);
            maskedWant[i] = (byte) (want[i] & ~mask);
            maskedGot[i] = (byte) (got[i] & ~mask);
        }
        int at = Arrays.mismatch(maskedWant, maskedGot);
        if (at >= 0) {
            throw difference("read of " + place(region, offset) + " from byte " + at + ": recorded " + hex(want, at)
                    + ", got " + hex(got, at));
        }
    }

    private void compare(LogEntry.Written written) {
        if (written.length() >= COMPARED_BYTES) {
            LogEntry.Written got = memory.written(written.iova(), written.length());
            if (!got.equals(written)) {
                throw difference(String.format(
                        Locale.ROOT,
                        "host memory written at 0x%x, %d bytes: recorded CRC %08x, got %08x",
                        written.iova(),
                        written.length(),
                        written.crc(),
                        got.crc()));
            }
        }
    }

    /** Messages of a board with a display come with its refresh, whenever that is: they are not compared. */
    private void compareMessages(ReplayTarget to, int count) {
        messagesRecorded += count;
        note("messages raised: " + count);
        long got = to.function().interrupts().messageCount() - messagesBefore;
        if (!timedMessages && got != messagesRecorded) {
            throw difference("messages raised: recorded " + messagesRecorded + ", got " + got);
        }
    }

    /** The bits of one byte of BAR0 that depend on time. */
    private int timeMask(long offset) {
        long register = offset & ~3L;
        for (TimeLike each : timeLike) {
            if (each.matches(register)) {
                return (each.mask() >>> (8 * (offset & 3))) & 0xff;
            }
        }
        return 0;
    }

    private ReplayTarget target() {
        ReplayTarget to = target;
        if (to == null) {
            throw new IllegalStateException("No function is attached.");
        }
        return to;
    }

    private ReplayDifference difference(String what) {
        return new ReplayDifference(access, what, String.join("\n", context));
    }

    private void note(String line) {
        context.addLast("  " + line);
        if (context.size() > CONTEXT) {
            context.removeFirst();
        }
    }

    private String text(Accesses run) {
        return (run.write() ? "write " : "read  ") + place(run.region(), run.offset()) + " x" + run.count() + " of "
                + run.width() + ": "
                + hex(
                        run.data()
                                .asSlice(0, Math.min(run.data().byteSize(), run.width()))
                                .toArray(ValueLayout.JAVA_BYTE),
                        0);
    }

    private String place(int region, long offset) {
        String name = region == 0 ? " " + registerName.apply((int) offset & ~3) : "";
        return String.format(Locale.ROOT, "region %d 0x%06x%s", region, offset, name);
    }

    /** At most 16 bytes, last first within a register's width, so that a register reads as a number. */
    private static String hex(byte[] bytes, int from) {
        if (bytes.length <= 8) {
            byte[] reversed = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                reversed[i] = bytes[bytes.length - 1 - i];
            }
            return HexFormat.of().formatHex(reversed);
        }
        int to = Math.min(bytes.length, from + 16);
        return HexFormat.of().formatHex(bytes, from, to) + (to < bytes.length ? "..." : "");
    }

    /** Takes interrupts and does nothing: the recorded host's handlers are in the recording. */
    private static final class Ignored implements InterruptSink {
        @Override
        public void signal() {}

        @Override
        public void close() {}
    }
}
