package dev.nacre.pci.bus;

import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.ExtendedCapability;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Msi;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A function with one BAR of memory, and, if wanted, virtual functions by the registers of an SR-IOV capability. */
final class TestFunction implements PciFunction {
    static final int BAR = 0;
    private static final int SRIOV = 0x100;
    private static final int SRIOV_BYTES = 0x40;

    final List<String> calls = new ArrayList<>();
    final List<TestFunction> virtual = new ArrayList<>();
    private final Interrupts interrupts = new Interrupts(0, 1, 0, 0, 0);
    private final GuestMemory memory = new GuestMemory();
    private final ConfigSpace config;
    private final MemorySegment bar = MemorySegment.ofArray(new byte[4096]);
    private final byte[] sriov = new byte[SRIOV_BYTES];

    TestFunction(int device) {
        this(device, 0);
    }

    /** With so many virtual functions at most, of the next device number; each 2 functions behind the other, from 4 on. */
    TestFunction(int device, int virtualFunctions) {
        var builder = ConfigSpace.builder(0x1234, device)
                .classCode(0x030200)
                .bar(BAR, Bar.memory32(4096))
                .capability(0x40, new Msi(1, false))
                .capability(0x80, PciExpress.endpoint(1, 1));
        if (virtualFunctions > 0) {
            builder.extended(SRIOV, new ExtendedCapability(0x10, 1, new byte[SRIOV_BYTES - 4]));
            sriov[0x0e] = (byte) virtualFunctions;
            sriov[0x14] = 4;
            sriov[0x16] = 2;
        }
        for (int i = 0; i < virtualFunctions; i++) {
            virtual.add(new TestFunction(device + 1));
        }
        config = builder.build(interrupts, memory, new ConfigListener() {
            @Override
            public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {}

            @Override
            public void functionLevelReset() {}
        });
        memory.busMaster(true);
    }

    /** How many virtual functions its registers say it has. */
    int enabledVirtualFunctions() {
        return (sriov[0x08] & 1) == 0 ? 0 : sriov[0x10];
    }

    @Override
    public Region region(int index) {
        return config.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        if (region != CONFIG_REGION) {
            MemorySegment.copy(bar, offset, dst, dstOffset, count);
            return;
        }
        config.read(offset, dst, dstOffset, count);
        for (int i = 0; i < count; i++) {
            long at = offset + i - SRIOV;
            if (!virtual.isEmpty() && at >= 4 && at < SRIOV_BYTES) {
                dst.set(ValueLayout.JAVA_BYTE, dstOffset + i, sriov[(int) at]);
            }
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        if (region != CONFIG_REGION) {
            MemorySegment.copy(src, srcOffset, bar, offset, count);
            return;
        }
        config.write(offset, src, srcOffset, count);
        for (int i = 0; i < count; i++) {
            long at = offset + i - SRIOV;
            if (!virtual.isEmpty() && (at == 0x08 || at == 0x10)) {
                sriov[(int) at] = src.get(ValueLayout.JAVA_BYTE, srcOffset + i);
            }
        }
    }

    @Override
    public List<PciFunction> virtualFunctions() {
        return List.copyOf(virtual.subList(0, Math.min(virtual.size(), enabledVirtualFunctions())));
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public void reset() {
        calls.add("reset");
    }

    @Override
    public void disconnected() {
        calls.add("disconnected");
    }
}
