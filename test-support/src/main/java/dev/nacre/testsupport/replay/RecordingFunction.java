package dev.nacre.testsupport.replay;

import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.MemoryObserver;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function that writes down all that its host does to it: every access with its value, resets, the host memory that it
 * read, and, to be compared, what it wrote there and which messages it raised.
 *
 * <p>After each register write it waits until the function has nothing left to do, so that what the function did belongs
 * to that write and a replay finds the same. That makes it slower than the function alone, and the host must not need
 * an answer while the function works. Besides that it behaves as the function does.
 */
public final class RecordingFunction implements PciFunction, AutoCloseable {
    private final PciFunction function;
    private final Runnable drain;
    private final Observer observer = new Observer();
    private final LogWriter log;
    private long messages;
    private boolean closed;

    /**
     * Starts a recording.
     *
     * @param function what is recorded; nobody else drives it
     * @param drain returns when the function has nothing left to do but wait
     * @param header what to tell of the recording
     * @param target receives the recording, closed by {@link #close}
     * @throws IOException if nothing can be written there
     */
    public RecordingFunction(PciFunction function, Runnable drain, LogHeader header, OutputStream target)
            throws IOException {
        this.function = function;
        this.drain = drain;
        this.log = new LogWriter(target, header);
        this.messages = function.interrupts().messageCount();
        function.memory().observe(observer);
    }

    @Override
    public Region region(int index) {
        return function.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        function.read(region, offset, dst, dstOffset, count);
        logAccess(false, region, offset, dst, dstOffset, count);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        function.write(region, offset, src, srcOffset, count);
        if (Doorbells.mayStartWork(region, offset)) {
            drain.run();
        }
        logAccess(true, region, offset, src, srcOffset, count);
    }

    @Override
    public Interrupts interrupts() {
        return function.interrupts();
    }

    @Override
    public GuestMemory memory() {
        return function.memory();
    }

    @Override
    public void reset() {
        function.reset();
        drain.run();
        log(new LogEntry.Reset());
    }

    @Override
    public void disconnected() {
        function.disconnected();
        drain.run();
        log(new LogEntry.Disconnected());
    }

    /**
     * Ends the recording. The function may be used on, but through this object no more.
     *
     * @throws IOException if the rest could not be written
     */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            function.memory().observe(null);
            log.close();
        }
    }

    private void logAccess(boolean write, int region, long offset, MemorySegment data, long at, int count) {
        byte[] bytes = new byte[count];
        MemorySegment.copy(data, at, MemorySegment.ofArray(bytes), 0, count);
        try {
            List<LogEntry> after = logMemoryRead(write && Doorbells.mayStartWork(region, offset));
            log.access(write, region, offset, bytes);
            logEffects(after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void log(LogEntry entry) {
        try {
            List<LogEntry> after = logMemoryRead(true);
            log.add(entry);
            logEffects(after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells what memory the function read since last time. @return what it wrote, to be told afterwards */
    private List<LogEntry> logMemoryRead(boolean startsWork) throws IOException {
        List<LogEntry> read = new ArrayList<>();
        List<LogEntry> written = new ArrayList<>();
        observer.take(startsWork, read, written);
        for (LogEntry entry : read) {
            log.add(entry);
        }
        return written;
    }

    private void logEffects(List<LogEntry> written) throws IOException {
        for (LogEntry entry : written) {
            log.add(entry);
        }
        long now = function.interrupts().messageCount();
        if (now != messages) {
            log.add(new LogEntry.Messages((int) (now - messages)));
            messages = now;
        }
    }

    /** What the function read and wrote between two accesses. */
    private static final class Window {
        private final List<LogEntry.Memory> news = new ArrayList<>();
        private final Map<Long, Integer> written = new LinkedHashMap<>();

        /** Whether some of the bytes were read as something else before. */
        boolean contradicts(LogEntry.Memory next) {
            return news.stream().anyMatch(known -> differ(known, next));
        }

        private static boolean differ(LogEntry.Memory known, LogEntry.Memory next) {
            long start = Math.max(known.iova(), next.iova());
            long end = Math.min(
                    known.iova() + known.data().byteSize(),
                    next.iova() + next.data().byteSize());
            return start < end
                    && MemorySegment.mismatch(
                                    known.data(),
                                    start - known.iova(),
                                    end - known.iova(),
                                    next.data(),
                                    start - next.iova(),
                                    end - next.iova())
                            >= 0;
        }

        /** Moves what was read and what was written to the lists. */
        void take(HostMemoryShadow shadow, List<LogEntry> readTo, List<LogEntry> writtenTo) {
            LogEntry.Memory last = null;
            for (LogEntry.Memory next : news) {
                if (last != null && last.iova() + last.data().byteSize() == next.iova()) {
                    last = join(last, next);
                    readTo.set(readTo.size() - 1, last);
                } else {
                    last = next;
                    readTo.add(last);
                }
            }
            written.forEach((iova, length) -> writtenTo.add(shadow.written(iova, length)));
        }

        private static LogEntry.Memory join(LogEntry.Memory first, LogEntry.Memory second) {
            byte[] both =
                    new byte[(int) (first.data().byteSize() + second.data().byteSize())];
            MemorySegment joined = MemorySegment.ofArray(both);
            joined.copyFrom(first.data());
            joined.asSlice(first.data().byteSize()).copyFrom(second.data());
            return new LogEntry.Memory(first.iova(), joined);
        }
    }

    /**
     * Collects the function's transfers, from its threads. A host that goes on while the function works may change what
     * the function reads a second time: it has put more work in a queue, and its doorbell is still to come. From there
     * on it all belongs to that doorbell.
     */
    private static final class Observer implements MemoryObserver {
        private final HostMemoryShadow shadow = new HostMemoryShadow();
        private final Deque<Window> windows = new ArrayDeque<>(List.of(new Window()));
        private boolean carried;

        @Override
        public synchronized void read(long iova, MemorySegment bytes) {
            for (LogEntry.Memory next : shadow.read(iova, bytes)) {
                if (windows.getLast().contradicts(next)) {
                    windows.addLast(new Window());
                }
                windows.getLast().news.add(next);
            }
        }

        @Override
        public synchronized void wrote(long iova, MemorySegment bytes) {
            shadow.wrote(iova, bytes);
            windows.getLast().written.merge(iova, (int) bytes.byteSize(), Math::max);
        }

        /** Moves what belongs to an access to the lists. */
        private synchronized void take(boolean startsWork, List<LogEntry> readTo, List<LogEntry> writtenTo) {
            if (carried && !startsWork) {
                return;
            }
            windows.removeFirst().take(shadow, readTo, writtenTo);
            carried = !windows.isEmpty();
            if (windows.isEmpty()) {
                windows.addLast(new Window());
            }
        }
    }
}
