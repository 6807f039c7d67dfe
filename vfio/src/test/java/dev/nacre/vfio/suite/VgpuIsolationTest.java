package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Core;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.VgpuHost;
import dev.nacre.vfiouser.VfioUserFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one guest does changes nothing of another's, and what it leaves is not to be read. */
class VgpuIsolationTest {
    private static final int WRITES = 20_000;
    private static final long BAR0_BYTES = 16 << 20;
    private static final long BAR1_BYTES = 64 << 20;

    // HW: the doorbells of plugins and of channels
    private static final int PLUGIN_DOORBELL = 0xb82200;
    private static final int CHANNEL_DOORBELL = 0xbb0090;

    // HW: the window into memory of nouveau nvkm/subdev/instmem/nv50.c: NV_PBUS_BAR0_WINDOW, and where it shows
    private static final int WINDOW = 0x1700;
    private static final int WINDOW_DATA = 0x700000;
    private static final int WINDOW_BYTES = 1 << 20;

    // HW: a page table entry of the second version: bit 0 valid, page number from bit 8 on
    private static final ValueLayout.OfLong ENTRY = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long BOARD_PAGES = (4L << 30) / 4096;
    private static final long SCRIBBLED_BYTES = 256L << 20;

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void nextOwnerReadsNothingOfTheFormerOne(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            Vgpu former = host.serve("former", "L40-1Q").vgpu();
            long offset = leaveSomething(host, core, "former");
            long place = former.place().fbOffset();
            former.close();

            Vgpu next = host.serve("next", "L40-1Q").vgpu();

            assertThat(next.place().fbOffset()).isEqualTo(place);
            assertClear(host, core, "next", offset);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void nextClientOfTheSameVirtualGpuReadsNothingOfTheFormerOne(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            long offset = leaveSomething(host, core, "a");

            assertClear(host, core, "a", offset);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void randomRegistersChangeNothingOfOthers(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            host.serve("good", "L40-1Q");
            host.serve("bad", "L40-1Q");
            try (VfioUserFunction good = host.connect("good");
                    Core guest = host.boot(core, good);
                    GuestWork work = new GuestWork(guest);
                    VfioUserFunction bad = host.connect("bad")) {
                work.write(1);

                writeAtRandom(bad, new Random(4711));

                assertThat(work.holds(1)).isTrue();
                assertThat(work.fills()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void doorbellsOfOthersRingNothing(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            host.serve("good", "L40-1Q");
            host.serve("bad", "L40-1Q");
            try (VfioUserFunction good = host.connect("good");
                    Core guest = host.boot(core, good);
                    GuestWork work = new GuestWork(guest);
                    VfioUserFunction bad = host.connect("bad")) {
                work.write(2);
                decode(bad);
                for (int i = 0; i < 4096; i++) {
                    bad.writeInt(0, PLUGIN_DOORBELL, i);
                    bad.writeInt(0, CHANNEL_DOORBELL, i << 16 | i);
                }

                assertThat(work.holds(2)).isTrue();
                assertThat(work.fills()).isTrue();
                assertThat(host.manager().vgpus()).allMatch(vgpu -> vgpu.usage().isPresent());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void guestThatCrashedAfterRandomWritesIsFollowedByOneThatBoots(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            try (VfioUserFunction bad = host.connect("a")) {
                host.boot(core, bad);
                writeAtRandom(bad, new Random(4712));
            }
            try (VfioUserFunction function = host.connect("a");
                    Core guest = host.boot(core, function);
                    GuestWork work = new GuestWork(guest)) {
                assertThat(work.fills()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void copiesBeyondAGuestsAddressesChangeNothingOfOthers(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            host.serve("good", "L40-1Q");
            host.serve("bad", "L40-1Q");
            try (VfioUserFunction good = host.connect("good");
                    Core guest = host.boot(core, good);
                    GuestWork work = new GuestWork(guest);
                    VfioUserFunction other = host.connect("bad");
                    Core hostile = host.boot(core, other);
                    GuestWork attack = new GuestWork(hostile)) {
                work.write(3);

                assertThat(attack.failsBeyond()).isTrue();

                assertThat(work.holds(3)).isTrue();
                assertThat(work.fills()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void pageTablesThatPointOutsideReachNothingOfOthers(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            host.serve("good", "L40-1Q");
            Vgpu hostile = host.serve("bad", "L40-1Q").vgpu();
            try (VfioUserFunction good = host.connect("good");
                    Core guest = host.boot(core, good);
                    GuestWork work = new GuestWork(guest);
                    VfioUserFunction bad = host.connect("bad")) {
                work.write(4);
                host.boot(core, bad);
                decode(bad);

                scribble(bad, hostile.place().fbBytes());

                assertThat(work.holds(4)).isTrue();
                assertThat(work.fills()).isTrue();
            }
        }
    }

    /** Fills the end of a guest's memory, where its driver's page tables are, with entries that point anywhere. */
    private static void scribble(VfioUserFunction function, long fbBytes) {
        Random random = new Random(4713);
        MemorySegment entries = MemorySegment.ofArray(new byte[WINDOW_BYTES]);
        for (long at = fbBytes - SCRIBBLED_BYTES; at < fbBytes; at += WINDOW_BYTES) {
            for (int offset = 0; offset < WINDOW_BYTES; offset += Long.BYTES) {
                entries.set(ENTRY, offset, random.nextLong(BOARD_PAGES) << 8 | 1);
            }
            function.writeInt(0, WINDOW, (int) (at >>> 16));
            function.write(0, WINDOW_DATA, entries, 0, WINDOW_BYTES);
        }
        for (int i = 0; i < 1024; i++) {
            function.writeInt(1, random.nextLong(BAR1_BYTES / 4) * 4, i);
        }
        function.readInt(PciFunction.CONFIG_REGION, 0);
    }

    /** A guest writes to its memory and crashes. @return where it was */
    private static long leaveSomething(VgpuHost host, String core, String name) {
        try (VfioUserFunction function = host.connect(name)) {
            GuestWork work = new GuestWork(host.boot(core, function));
            work.write(1);
            assertThat(work.holds(1)).isTrue();
            return work.offset();
        }
    }

    private static void assertClear(VgpuHost host, String core, String name, long offset) {
        try (VfioUserFunction function = host.connect(name);
                Core guest = host.boot(core, function);
                GuestWork work = new GuestWork(guest)) {
            assertThat(work.offset()).isEqualTo(offset);
            assertThat(work.isClear()).isTrue();
        }
    }

    private static void writeAtRandom(VfioUserFunction function, Random random) {
        for (int i = 0; i < WRITES; i++) {
            if (i % 1000 == 0) {
                decode(function);
            }
            int value = random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(32);
            switch (random.nextInt(8)) {
                case 0 -> function.writeInt(1, random.nextLong(BAR1_BYTES / 4) * 4, value);
                case 1 -> function.writeInt(PciFunction.CONFIG_REGION, random.nextInt(0x40, 0x400) * 4L, value);
                default -> function.writeInt(0, random.nextLong(BAR0_BYTES / 4) * 4, value);
            }
        }
        function.readInt(PciFunction.CONFIG_REGION, 0);
    }

    /** Has BARs answered, and DMA allowed. */
    private static void decode(VfioUserFunction function) {
        function.writeInt(PciFunction.CONFIG_REGION, 4, 0x0006);
    }
}
