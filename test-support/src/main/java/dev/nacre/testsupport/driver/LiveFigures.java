package dev.nacre.testsupport.driver;

import dev.nacre.hw.rm.RmControl;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The page in which the firmware of release 570 publishes live figures, as NVIDIA's driver gives and reads it. One thread. */
final class LiveFigures {
    static final long CLOCK = 0x1;
    static final long PERF = 0x2;
    static final long POWER = 0x8;
    static final long THERMAL = 0x10;

    // HW: open-gpu-kernel-modules, cl00de.h of 570.144
    private static final int PAGE_BYTES = 4096;
    private static final int CLOCKS = 72;
    private static final int UTILISATION = 112;
    private static final int TEMPERATURE = 296;
    private static final int INSTANT_POWER = 392;
    private static final long INVALID = 0;
    private static final long FIRST_SEQUENCE = 0xff00_0000_0000_0000L;
    private static final int ATTEMPTS = 10;

    private final RmClient internal;
    private final int subdevice;
    private final DmaBuffer page;

    /**
     * Figures that were read at once.
     *
     * @param stampUs when they were true
     * @param words the figures, 32 bits each
     */
    record Section(long stampUs, List<Integer> words) {}

    LiveFigures(Device device, RmClient internal, int subdevice) {
        this.internal = internal;
        this.subdevice = subdevice;
        this.page = device.memory.allocate(PAGE_BYTES);
        page.putBytes(0, new byte[PAGE_BYTES]);
        Words place = new Words(8);
        place.putLong(0, page.iova(0));
        internal.control(subdevice, RmControl.NV2080_CTRL_CMD_INTERNAL_INIT_USER_SHARED_DATA, place);
    }

    /** Says which sections are wanted, and how often. */
    void poll(long mask, int everyMs) {
        Words wanted = new Words(16);
        wanted.putLong(0, mask);
        wanted.putInt(8, everyMs);
        internal.control(subdevice, RmControl.NV2080_CTRL_CMD_INTERNAL_USER_SHARED_DATA_SET_DATA_POLL, wanted);
    }

    /** {percent that something ran, percent that memory was used}. */
    Optional<Section> utilisation() {
        return read(UTILISATION, 2);
    }

    /** {1/256 degree}. */
    Optional<Section> temperature() {
        return read(TEMPERATURE, 1);
    }

    /** {milliwatts}. */
    Optional<Section> power() {
        return read(INSTANT_POWER, 1);
    }

    /** {graphics, memory, video, multiprocessors in MHz}. */
    Optional<Section> clocks() {
        return read(CLOCKS, 4);
    }

    private Optional<Section> read(int at, int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long stamp = page.longAt(at);
            VarHandle.loadLoadFence();
            if (stamp != INVALID && Long.compareUnsigned(stamp, FIRST_SEQUENCE) < 0) {
                List<Integer> words = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    words.add(page.intAt(at + 8 + 4L * i));
                }
                VarHandle.loadLoadFence();
                if (page.longAt(at) == stamp) {
                    return Optional.of(new Section(stamp, words));
                }
            }
        }
        return Optional.empty();
    }
}
