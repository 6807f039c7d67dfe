package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.board.Scanout;
import dev.nacre.core.Core;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.SurfaceAddress;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.Bystanders;
import dev.nacre.vfio.testing.GuestDisplay;
import dev.nacre.vfio.testing.GuestDisplay.Kind;
import dev.nacre.vfio.testing.GuestQueues;
import dev.nacre.vfio.testing.TappedFunction;
import dev.nacre.vfio.testing.VgpuHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A display engine shows, reads and writes nothing but its guest's, wherever its guest says that things are. */
class HostileDisplayTest {
    private static final long GIB = 1L << 30;
    private static final int BLACK = 0xff00_0000;
    private static final int HANDLE = 0xf000_0000;
    private static final int VIDEO_READ_WRITE = 0x5;
    private static final int SYSTEM_READ_WRITE = 0x6;
    private static final long SURFACE_BYTES = 64 << 20;
    private static final long BEYOND_GUEST = 0x7e_0000_0000L;

    @ParameterizedTest
    @CsvSource({"java, AD102, L40-1Q, 4", "c, AD102, L40-1Q, 4", "java, GB202, DC-4Q, 16"})
    void surfacesNotifiersAndPushBuffersOutsideReachNothing(String core, Chip chip, String type, int fbGib)
            throws Exception {
        BoardConfig config = new BoardConfig(chip, fbGib * GIB, 1, 2);
        try (Bystanders others = new Bystanders(core, config, type)) {
            VgpuHost host = others.host();
            var place = host.serve("bad", type).vgpu().place();
            List<Long> outside = new ArrayList<>(List.of(place.fbBytes(), fbGib * GIB, -4096L));
            for (long address : others.places()) {
                outside.add(address);
                outside.add(address - place.fbOffset());
            }
            // What is another's address on the board may be its own in its window.
            outside.removeIf(address -> address >= 0 && address < place.fbBytes());
            try (TappedFunction bad = host.tap("bad")) {
                host.boot(core, bad);
                GuestDisplay display = new GuestDisplay(bad, new GuestQueues(bad), chip);
                display.open(Kind.CORE);
                display.open(Kind.WINDOW);

                for (long address : outside) {
                    show(display, chip, address, false);
                    assertBlack(host);
                }
                show(display, chip, BEYOND_GUEST, true);
                assertBlack(host);
                random(display, chip, new Random(4715));
                for (long address : outside) {
                    followFrom(display, bad, address);
                }

                others.assertUnharmed();
                bad.crash();
                try (Core again = host.boot(core, bad);
                        GuestWork work = new GuestWork(again)) {
                    assertThat(work.fills()).isTrue();
                }
            }
        }
    }

    /** Turns the head on with a picture and notifiers at an address. */
    private static void show(GuestDisplay display, Chip chip, long address, boolean system) {
        if (chip == Chip.AD102) {
            int flags = system ? SYSTEM_READ_WRITE : VIDEO_READ_WRITE;
            display.contextDma(HANDLE, 0, flags, address, address + SURFACE_BYTES - 1);
            display.contextDma(HANDLE, 1, flags, address, address + SURFACE_BYTES - 1);
            display.push(Kind.CORE, byHandle());
            display.push(Kind.WINDOW, windowByHandle());
        } else {
            int target = system ? SurfaceAddress.TARGET_PHYSICAL_PCI : SurfaceAddress.TARGET_PHYSICAL_NVM;
            int high = (int) (address >>> 32);
            int low = SurfaceAddress.low(address, target, false);
            display.push(Kind.CORE, byAddress(high, low));
            display.push(Kind.WINDOW, windowByAddress(high, low));
        }
    }

    private static void assertBlack(VgpuHost host) {
        // The second function's: the first one has the other guest's GPU.
        Scanout shown = host.board.guestScanout(1, 0).orElseThrow();
        assertThat(shown.pixels()).containsOnly(BLACK);
    }

    /** Any address and any geometry. */
    private static void random(GuestDisplay display, Chip chip, Random random) {
        for (int i = 0; i < 100; i++) {
            long address = random.nextLong();
            display.contextDma(HANDLE, random.nextInt(2), random.nextInt(), address, random.nextLong());
            int[] core = chip == Chip.AD102 ? byHandle() : byAddress((int) (address >>> 32), (int) address | 1);
            int[] window =
                    chip == Chip.AD102 ? windowByHandle() : windowByAddress((int) (address >>> 32), (int) address | 1);
            // The update stays.
            window[1 + 2 * random.nextInt(window.length / 2 - 1)] = random.nextInt();
            display.push(Kind.CORE, core);
            display.kick(Kind.WINDOW, window);
        }
    }

    /** Push buffers and instance memory outside; what is found there is followed, if anything is. */
    private static void followFrom(GuestDisplay display, TappedFunction bad, long address) {
        display.instanceMemory(address, 0x1_0000, false);
        display.instanceMemory(BEYOND_GUEST, 0x1_0000, true);
        for (boolean system : List.of(false, true)) {
            display.free(Kind.WINDOW);
            display.openAt(Kind.WINDOW, system ? BEYOND_GUEST : address, system);
            bad.writeInt(0, PdispHead.WINDOW_CHANNELS + PdispHead.PUT, 0x800);
            assertThat(bad.readInt(0, PdispHead.WINDOW_CHANNELS + PdispHead.GET))
                    .isLessThanOrEqualTo(0x800);
        }
    }

    /** What nouveau's first commit tells the core: 1024x768 at 60 Hz, with a notifier. */
    private static int[] byHandle() {
        return new int[] {
            0x208, HANDLE, 0x300, 0x101, 0x204c, 0x0300_0400, 0x2058, 0x0300_0400, 0x2064, 0x0326_0540, 0x2068,
            0x0005_0087, 0x206c, 0x0022_0127, 0x2070, 0x0322_0527, 0x200c, 65_000_000, 0x2004, 0xfc00_004c, 0x1000, 0,
            0x20c, 0x1000, 0x200, 1
        };
    }

    private static int[] byAddress(int high, int low) {
        return new int[] {
            0x260,
            high,
            0x264,
            low,
            0x300,
            0x101,
            0x204c,
            0x0300_0400,
            0x2064,
            0x0326_0540,
            0x2070,
            0x0322_0527,
            0x200c,
            65_000_000,
            0x1000,
            0,
            0x20c,
            0x1000,
            0x200,
            1
        };
    }

    /** What nouveau tells a window of a picture of 1024x768, with a notifier and a semaphore to be released. */
    private static int[] windowByHandle() {
        return new int[] {
            0x20c,
            0,
            0x210,
            0,
            0x214,
            0x0bad_0bad,
            0x218,
            HANDLE,
            0x21c,
            HANDLE,
            0x220,
            0,
            0x308,
            0x10,
            0x224,
            0x0300_0400,
            0x22c,
            0xcf,
            0x230,
            0x40,
            0x240,
            HANDLE,
            0x260,
            0,
            0x298,
            0x0300_0400,
            0x2a4,
            0x0300_0400,
            0x200,
            1
        };
    }

    private static int[] windowByAddress(int high, int low) {
        return new int[] {
            0x650,
            high,
            0x654,
            low,
            0x658,
            high,
            0x670,
            low,
            0x308,
            0x10,
            0x224,
            0x0300_0400,
            0x22c,
            0xcf,
            0x230,
            0x40,
            0x298,
            0x0300_0400,
            0x2a4,
            0x0300_0400,
            0x200,
            1
        };
    }
}
