package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.InterruptSink;
import dev.nacre.pci.Interrupts;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Accesses of any size anywhere in a configuration space, resets, saves and restores, and interrupts between them,
 * against {@link ReferenceConfig}: every bit is what it must be, and drives what it must.
 */
final class ConfigSpaceFuzzTest {
    private static final int MAX_OPERATIONS = 400;
    private static final List<InterruptKind> KINDS = List.of(InterruptKind.INTX, InterruptKind.MSI, InterruptKind.MSIX);
    private static final int MSI = 1;
    private static final int MSIX = 2;

    @FuzzTest
    void anyAccesses(byte[] input) {
        new Session(new Script(input)).run();
    }

    /** Counts, and remembers whether it was closed. */
    private static final class Sink implements InterruptSink {
        private int signals;
        private boolean closed;

        @Override
        public void signal() {
            assertThat(closed).as("closed before a signal").isFalse();
            signals++;
        }

        @Override
        public void close() {
            assertThat(closed).as("closed twice").isFalse();
            closed = true;
        }
    }

    /** One input's run. */
    private static final class Session implements ConfigListener {
        private final Script script;
        private final Interrupts interrupts;
        private final GuestMemory memory = new GuestMemory();
        private final ConfigSpace config;
        private final ReferenceConfig reference;
        private final MemorySegment buffer = MemorySegment.ofArray(new byte[4096]);

        /** Sinks by kind and vector; null where none is bound. */
        private final Sink[][] sinks = new Sink[KINDS.size()][ReferenceConfig.MSIX_VECTORS];

        private final boolean[][] hostMasked = new boolean[KINDS.size()][ReferenceConfig.MSIX_VECTORS];
        private boolean toldMemory;
        private boolean toldIo;
        private boolean line;

        Session(Script script) {
            this.script = script;
            int shape = script.u8();
            interrupts = ReferenceConfig.interrupts(shape);
            config = ReferenceConfig.build(shape, interrupts, memory, this);
            reference = new ReferenceConfig(config, shape);
            memory.map(0, MemorySegment.ofArray(new byte[4096]), true, true);
        }

        @Override
        public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {
            assertThat(memoryDecoded != toldMemory || ioDecoded != toldIo).isTrue();
            toldMemory = memoryDecoded;
            toldIo = ioDecoded;
        }

        @Override
        public void functionLevelReset() {
            config.reset();
        }

        void run() {
            for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
                operation();
                assertDriven();
            }
            assertSame(0, config.size());
        }

        private void operation() {
            switch (script.below(12)) {
                case 0, 1, 2, 3 -> write();
                case 4 -> writeMany();
                case 5 -> read();
                case 6 -> sizeBars();
                case 7 -> bind();
                case 8 -> mask();
                case 9 -> message();
                case 10 -> {
                    line = script.flag();
                    interrupts.line(line);
                }
                default -> lifeCycle();
            }
        }

        private int offset() {
            int offset = script.u8();
            return offset == 0xff && config.size() > 0x100 ? 0x100 + script.u16() % 0xefc : Math.min(offset, 0xfc);
        }

        private void write() {
            int offset = offset();
            int count = 1 + script.below(4);
            int data = script.i32();
            config.write(offset, count, data);
            reference.write(offset, count, Integer.toUnsignedLong(data));
            assertSame(offset, count);
        }

        /** One message of many bytes, which must be as one access. */
        private void writeMany() {
            int offset = offset();
            byte[] data = script.take(Math.min(8, config.size() - offset));
            long value = 0;
            for (int i = 0; i < data.length; i++) {
                value |= (data[i] & 0xffL) << (8 * i);
            }
            config.write(offset, MemorySegment.ofArray(data), 0, data.length);
            reference.write(offset, data.length, value);
            assertSame(offset, data.length);
        }

        private void read() {
            int offset = offset();
            int count = Math.min(script.u8(), config.size() - offset);
            config.read(offset, buffer, 0, count);
            for (int i = 0; i < count; i++) {
                assertThat(buffer.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) config.read(offset + i, 1));
            }
            assertSame(offset, count);
        }

        /** What every host does first: all ones, then read back. */
        private void sizeBars() {
            int bar = script.below(7);
            int at = bar == 6 ? 0x30 : 0x10 + 4 * bar;
            config.write(at, 4, -1);
            reference.write(at, 4, 0xffff_ffffL);
            int size = config.read(at, 4);
            assertThat(size)
                    .isEqualTo(
                            switch (bar) {
                                case 0 -> 0xffff_0000;
                                case 2 -> 0x0000_000c;
                                case 3 -> 0xffff_fffe;
                                case 4 -> 0xffff_ff81;
                                case 6 -> 0xffff_f001;
                                default -> 0;
                            });
        }

        private void bind() {
            int kind = script.below(3);
            InterruptKind of = KINDS.get(kind);
            if (interrupts.count(of) == 0) {
                return;
            }
            int vector = script.below(interrupts.count(of));
            boolean wasPending = interrupts.pending(of, vector);
            Sink old = sinks[kind][vector];
            Sink next = script.flag() ? new Sink() : null;
            sinks[kind][vector] = next;
            interrupts.bind(of, vector, next);
            assertThat(old == null || old.closed).isTrue();
            if (wasPending && next != null) {
                assertThat(next.signals == 1).isEqualTo(!isMasked(kind, vector));
            }
        }

        private void mask() {
            int kind = MSI + script.below(2);
            InterruptKind of = KINDS.get(kind);
            if (interrupts.count(of) == 0) {
                return;
            }
            int vector = script.below(interrupts.count(of));
            hostMasked[kind][vector] = script.flag();
            interrupts.mask(of, vector, hostMasked[kind][vector]);
        }

        /** A message arrives at once, waits, or is dropped, as the registers say. */
        private void message() {
            int vector = script.below(10) - 1;
            boolean msix = reference.msixEnabled() || isBound(MSIX);
            boolean msi = reference.msiEnabled() > 0 || isBound(MSI);
            int kind = msix ? MSIX : MSI;
            int target = !msix && reference.msiEnabled() > 0 ? vector & (reference.msiEnabled() - 1) : vector;
            InterruptKind of = KINDS.get(kind);
            boolean exists = (msix || msi) && vector >= 0 && target < interrupts.count(of);
            Sink sink = exists ? sinks[kind][target] : null;
            int before = sink == null ? 0 : sink.signals;
            long count = interrupts.messageCount();

            interrupts.message(vector);

            assertThat(interrupts.messageCount() - count).isEqualTo(exists ? 1 : 0);
            if (exists) {
                boolean masked = isMasked(kind, target);
                assertThat(interrupts.pending(of, target)).isEqualTo(masked || (msix && sink == null));
                assertThat(sink == null || sink.signals - before == (masked ? 0 : 1))
                        .isTrue();
            }
        }

        private void lifeCycle() {
            switch (script.below(5)) {
                case 0 -> {
                    config.reset();
                    reference.reset();
                }
                case 1 -> config.restore(config.save());
                case 2 -> restoreAnything();
                case 3 -> config.receivedMasterAbort();
                default -> {
                    interrupts.clear();
                    for (int kind = 0; kind < sinks.length; kind++) {
                        Arrays.fill(sinks[kind], null);
                        Arrays.fill(hostMasked[kind], false);
                    }
                }
            }
            if (config.read(ReferenceConfig.STATUS, 2) >>> 13 != 0) {
                // Whatever errors there are now, both sides forget.
                config.write(ReferenceConfig.STATUS, 2, 0xffff);
                reference.write(ReferenceConfig.STATUS, 2, 0xffff);
            }
        }

        /** An image from elsewhere changes no read-only bit: afterwards a reset leads to the same place as ever. */
        private void restoreAnything() {
            byte[] image = config.save();
            byte[] foreign = script.take(script.u8());
            System.arraycopy(foreign, 0, image, 0, Math.min(foreign.length, image.length));
            byte[] kept = config.save();
            config.restore(image);
            config.restore(kept);
        }

        private boolean isBound(int kind) {
            for (Sink sink : sinks[kind]) {
                if (sink != null) {
                    return true;
                }
            }
            return false;
        }

        private boolean isMasked(int kind, int vector) {
            boolean byRegisters = kind == MSI ? reference.msiMasked(vector) : reference.msixMasked();
            return hostMasked[kind][vector] || byRegisters;
        }

        /** That the registers drive what they must. */
        private void assertDriven() {
            assertThat(config.memoryDecoded()).isEqualTo(reference.decodes(2)).isEqualTo(toldMemory);
            assertThat(config.ioDecoded()).isEqualTo(reference.decodes(1)).isEqualTo(toldIo);
            assertThat(transfers()).isEqualTo(reference.busMaster());
            assertThat(config.barAddress(0)).isEqualTo(reference.read(0x10, 4) & 0xffff_0000L);
            assertThat(config.barAddress(2)).isEqualTo((long) reference.read(0x1c, 4) << 32);
            assertThat(interrupts.messagesEnabled())
                    .isEqualTo(reference.msixEnabled() || reference.msiEnabled() > 0 || isBound(MSI) || isBound(MSIX));
            assertThat(interrupts.lineAsserted()).isEqualTo(line);
            for (int kind = MSI; kind <= MSIX; kind++) {
                InterruptKind of = KINDS.get(kind);
                for (int vector = 0; vector < interrupts.count(of); vector++) {
                    boolean waits = sinks[kind][vector] == null || isMasked(kind, vector);
                    if (interrupts.pending(of, vector) && !waits) {
                        throw new AssertionError("A message waits that could go: kind=" + of + " vector=" + vector);
                    }
                }
            }
        }

        private boolean transfers() {
            try {
                memory.readInt(0);
                return true;
            } catch (DmaFault e) {
                return false;
            }
        }

        private void assertSame(int offset, int count) {
            config.read(offset, buffer, 0, count);
            for (int i = 0; i < count; i++) {
                int at = offset + i;
                int changing = at == ReferenceConfig.STATUS ? ReferenceConfig.STATUS_INTERRUPT : 0;
                if (at >= ReferenceConfig.MSI_PENDING && at < ReferenceConfig.MSI_PENDING + 4) {
                    changing = interrupts.count(InterruptKind.MSI) == 0 ? 0 : 0xff;
                }
                int differing = (buffer.get(ValueLayout.JAVA_BYTE, i) ^ reference.read(at, 1)) & 0xff & ~changing;
                if (differing != 0) {
                    throw new AssertionError("Bits 0x" + Integer.toHexString(differing) + " at 0x"
                            + Integer.toHexString(at) + " are wrong");
                }
            }
            int status = config.read(ReferenceConfig.STATUS, 2);
            assertThat((status & ReferenceConfig.STATUS_INTERRUPT) != 0).isEqualTo(line);
        }
    }
}
