package dev.nacre.vfiouser;

import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.ExtendedCapability;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Msi;
import dev.nacre.pci.Msix;
import dev.nacre.pci.MsixTable;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.PowerManagement;
import dev.nacre.pci.Region;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A function with a real configuration space that has one of everything; its BARs but the MSI-X one read zero. */
final class ConfigFunction implements PciFunction {
    static final int MSIX_VECTORS = 64;
    static final int MSIX_BAR = 4;
    static final int MSIX_PBA = 0x2000;
    static final int PM_CAP = 0x40;
    static final int MSI_CAP = 0x48;
    static final int MSIX_CAP = 0x70;
    static final int EXPRESS_CAP = 0x80;

    /** What happened: {@code reset}, {@code flr}, {@code disconnected}, {@code decode memory io}. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    private final Interrupts interrupts = new Interrupts(1, 4, MSIX_VECTORS, 1, 1);
    private final GuestMemory memory = new GuestMemory();
    private final MsixTable msix = new MsixTable(interrupts);
    private final ConfigSpace config = ConfigSpace.builder(0x1234, 0x5678)
            .classCode(0xff_00_00)
            .bar(0, Bar.memory32(4 << 10))
            .bar(1, Bar.io(128))
            .bar(2, Bar.memory64(8L << 30))
            .bar(MSIX_BAR, Bar.memory32(16 << 10))
            .rom(64 << 10)
            .capability(PM_CAP, new PowerManagement())
            .capability(MSI_CAP, new Msi(4, true))
            .capability(
                    MSIX_CAP, new Msix(MSIX_VECTORS, new Msix.Place(MSIX_BAR, 0), new Msix.Place(MSIX_BAR, MSIX_PBA)))
            .capability(EXPRESS_CAP, PciExpress.endpoint(3, 8))
            .extended(0x100, ExtendedCapability.serialNumber(0x0102030405060708L))
            .build(interrupts, memory, new ConfigListener() {
                @Override
                public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {
                    calls.add("decode " + memoryDecoded + " " + ioDecoded);
                }

                @Override
                public void functionLevelReset() {
                    calls.add("flr");
                    restart();
                }
            });

    @Override
    public Region region(int index) {
        return config.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        if (region == CONFIG_REGION) {
            config.read(offset, dst, dstOffset, count);
        } else if (region == MSIX_BAR && offset + count <= msix.tableSize()) {
            msix.readTable(offset, dst, dstOffset, count);
        } else if (region == MSIX_BAR && offset >= MSIX_PBA && offset + count <= MSIX_PBA + msix.pbaSize()) {
            msix.readPba(offset - MSIX_PBA, dst, dstOffset, count);
        } else {
            dst.asSlice(dstOffset, count).fill((byte) 0);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        if (region == CONFIG_REGION) {
            config.write(offset, src, srcOffset, count);
        } else if (region == MSIX_BAR && offset + count <= msix.tableSize()) {
            msix.writeTable(offset, src, srcOffset, count);
        }
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
        restart();
    }

    @Override
    public void disconnected() {
        calls.add("disconnected");
    }

    private void restart() {
        config.reset();
        msix.reset();
    }
}
