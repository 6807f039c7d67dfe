package dev.nacre.samples;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.Msix;
import dev.nacre.pci.MsixTable;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.pci.RegionMapping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device to measure and to test with: registers that keep what is written, doorbells that raise MSI-X vectors, two
 * memories, and copies from and to guest memory. {@link BenchRegisters} has the layout.
 *
 * <p>It answers whether or not the command register lets it, and masters the bus from its reset on, because a client that
 * only measures sends no configuration. A write to the command register is obeyed from then on as far as bus mastering
 * goes.
 *
 * <p>Copies run inside the write that asks for them, unlike in a device that has other things to do.
 *
 * <p>Its state, of a little more than 67 MiB, can move to another one ({@link Migratable}).
 */
public final class BenchDevice implements PciFunction, AutoCloseable {
    private static final int VENDOR_ID = 0x1234;
    private static final int DEVICE_ID = 0x6e62;
    private static final int CLASS_UNASSIGNED = 0xff0000;
    private static final int COMMAND = 0x04;
    private static final int PCI_EXPRESS = 0x40;
    private static final int MSIX = 0x80;
    private static final int PAGE_BYTES = 0x1000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Interrupts interrupts = new Interrupts(0, 0, BenchRegisters.VECTORS, 0, 0);
    private final GuestMemory guest = new GuestMemory();
    private final MsixTable msix = new MsixTable(interrupts);
    private final ConfigSpace config;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment registers = arena.allocate(BenchRegisters.REGISTERS_BYTES, PAGE_BYTES);
    private final MemorySegment memory = arena.allocate(BenchRegisters.MEMORY_BYTES, PAGE_BYTES);
    private final Fd file = Memfd.ofFixedSize("nacre-bench-device", BenchRegisters.FILE_BYTES);
    private final Mapping fileMapping = Mapping.map(file, 0, BenchRegisters.FILE_BYTES, Mapping.Access.READ_WRITE);
    private final CopyJob copies = new CopyJob(guest, arena);
    private final Region fileRegion;
    private final BenchState state;

    /** Whether nobody has written the command register since the reset, so that it does not count. */
    private boolean commandUnwritten;

    /** Makes a device, at reset, whose file a host can map. */
    public BenchDevice() {
        this(true);
    }

    /**
     * Makes a device, at reset.
     *
     * @param fileCanBeMapped whether a host can map the file. If so, QEMU posts no writes to the device
     */
    public BenchDevice(boolean fileCanBeMapped) {
        config = ConfigSpace.builder(VENDOR_ID, DEVICE_ID)
                .classCode(CLASS_UNASSIGNED)
                .bar(BenchRegisters.BAR_REGISTERS, Bar.memory32(BenchRegisters.REGISTERS_BYTES))
                .bar(BenchRegisters.BAR_MEMORY, Bar.memory32(BenchRegisters.MEMORY_BYTES))
                .bar(BenchRegisters.BAR_FILE, Bar.memory32(BenchRegisters.FILE_BYTES))
                .capability(PCI_EXPRESS, PciExpress.endpoint(1, 1))
                .capability(
                        MSIX,
                        new Msix(
                                BenchRegisters.VECTORS,
                                new Msix.Place(BenchRegisters.BAR_REGISTERS, BenchRegisters.MSIX_TABLE),
                                new Msix.Place(BenchRegisters.BAR_REGISTERS, BenchRegisters.MSIX_PBA)))
                .build(interrupts, guest, new ConfigListener() {
                    @Override
                    public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {}

                    @Override
                    public void functionLevelReset() {
                        reset();
                    }
                });
        Region plain = config.region(BenchRegisters.BAR_FILE);
        fileRegion = fileCanBeMapped ? plain.mappedBy(new RegionMapping(file, 0, List.of())) : plain;
        state = new BenchState(
                new Owner(),
                1 + config.size() + msix.tableSize() + msix.pbaSize(),
                List.of(registers, memory, fileMapping.segment(), copies.buffer(), copies.other()));
        reset();
    }

    @Override
    public Region region(int index) {
        return index == BenchRegisters.BAR_FILE ? fileRegion : config.region(index);
    }

    @Override
    public @Nullable MemorySegment plainMemory(int index) {
        return switch (index) {
            case BenchRegisters.BAR_MEMORY -> memory;
            case BenchRegisters.BAR_FILE -> fileMapping.segment();
            default -> null;
        };
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        switch (region) {
            case BenchRegisters.BAR_REGISTERS -> readRegisters((int) offset, dst, dstOffset, count);
            case BenchRegisters.BAR_MEMORY -> MemorySegment.copy(memory, offset, dst, dstOffset, count);
            case BenchRegisters.BAR_FILE -> MemorySegment.copy(fileMapping.segment(), offset, dst, dstOffset, count);
            default -> config.read(offset, dst, dstOffset, count);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        switch (region) {
            case BenchRegisters.BAR_REGISTERS -> writeRegisters((int) offset, src, srcOffset, count);
            case BenchRegisters.BAR_MEMORY -> MemorySegment.copy(src, srcOffset, memory, offset, count);
            case BenchRegisters.BAR_FILE -> MemorySegment.copy(src, srcOffset, fileMapping.segment(), offset, count);
            default -> {
                // Before the write, which may be one that resets all this.
                commandUnwritten &= !touches((int) offset, count, COMMAND, Short.BYTES);
                config.write(offset, src, srcOffset, count);
            }
        }
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return guest;
    }

    @Override
    public void reset() {
        config.reset();
        commandUnwritten = true;
        guest.busMaster(true);
        msix.reset();
        registers.fill((byte) 0);
        registers.set(INT, BenchRegisters.ID, BenchRegisters.IDENTITY);
        memory.fill((byte) 0);
        fileMapping.segment().fill((byte) 0);
        state.reset();
    }

    @Override
    public Optional<Migratable> migration() {
        return Optional.of(state);
    }

    @Override
    public void disconnected() {}

    /** Frees its memory. Nobody may use the device any more. */
    @Override
    public void close() {
        arena.close();
        fileMapping.close();
        file.close();
    }

    /** Reads from the page of the MSI-X table, that of the pending bits, and the registers around them. */
    private void readRegisters(int offset, MemorySegment dst, long dstOffset, int count) {
        for (int done = 0; done < count; ) {
            int at = offset + done;
            int part = Math.min(count - done, partAt(at));
            if (isMsix(at, BenchRegisters.MSIX_TABLE, msix.tableSize())) {
                msix.readTable(at - BenchRegisters.MSIX_TABLE, dst, dstOffset + done, part);
            } else if (isMsix(at, BenchRegisters.MSIX_PBA, msix.pbaSize())) {
                msix.readPba(at - BenchRegisters.MSIX_PBA, dst, dstOffset + done, part);
            } else {
                MemorySegment.copy(registers, at, dst, dstOffset + done, part);
            }
            done += part;
        }
    }

    private void writeRegisters(int offset, MemorySegment src, long srcOffset, int count) {
        for (int done = 0; done < count; ) {
            int at = offset + done;
            int part = Math.min(count - done, partAt(at));
            if (isMsix(at, BenchRegisters.MSIX_TABLE, msix.tableSize())) {
                msix.writeTable(at - BenchRegisters.MSIX_TABLE, src, srcOffset + done, part);
            } else if (!isMsix(at, BenchRegisters.MSIX_PBA, msix.pbaSize())) {
                MemorySegment.copy(src, srcOffset + done, registers, at, part);
                registersWritten(at, part);
            }
            done += part;
        }
    }

    /** Bytes from an offset on that lie in the same of: registers, table, registers, pending bits, registers. */
    private int partAt(int offset) {
        if (offset < BenchRegisters.MSIX_TABLE) {
            return BenchRegisters.MSIX_TABLE - offset;
        }
        int tableEnd = BenchRegisters.MSIX_TABLE + msix.tableSize();
        if (offset < tableEnd) {
            return tableEnd - offset;
        }
        if (offset < BenchRegisters.MSIX_PBA) {
            return BenchRegisters.MSIX_PBA - offset;
        }
        int pbaEnd = BenchRegisters.MSIX_PBA + msix.pbaSize();
        return offset < pbaEnd ? pbaEnd - offset : BenchRegisters.REGISTERS_BYTES - offset;
    }

    private static boolean isMsix(int offset, int start, int size) {
        return offset >= start && offset < start + size;
    }

    /** Does what the registers just written ask for. */
    private void registersWritten(int at, int count) {
        if (touches(at, count, BenchRegisters.ID, Integer.BYTES)) {
            registers.set(INT, BenchRegisters.ID, BenchRegisters.IDENTITY);
        }
        if (touches(at, count, BenchRegisters.DOORBELL, Integer.BYTES)) {
            state.ring(registers.get(INT, BenchRegisters.DOORBELL));
        }
        if (touches(at, count, BenchRegisters.COPY_GO, Integer.BYTES)) {
            state.copy();
        }
        if (touches(at, count, BenchRegisters.COPY_GO, BenchRegisters.COPY_STATUS + 4 - BenchRegisters.COPY_GO)) {
            showResult();
        }
    }

    private static boolean touches(int at, int count, int register, int bytes) {
        return at < register + bytes && at + count > register;
    }

    private void showResult() {
        registers.set(LONG, BenchRegisters.COPY_NS, copies.ns());
        registers.set(INT, BenchRegisters.COPY_STATUS, copies.status());
    }

    /** What its state needs of it. */
    private final class Owner implements BenchState.Owner {
        @Override
        public byte[] image() {
            byte[] configImage = config.save();
            byte[] msixImage = msix.save();
            byte[] all = new byte[1 + configImage.length + msixImage.length];
            all[0] = (byte) (commandUnwritten ? 1 : 0);
            System.arraycopy(configImage, 0, all, 1, configImage.length);
            System.arraycopy(msixImage, 0, all, 1 + configImage.length, msixImage.length);
            return all;
        }

        @Override
        public void restore(byte[] image) {
            int msixAt = 1 + config.size();
            config.restore(Arrays.copyOfRange(image, 1, msixAt));
            msix.restore(Arrays.copyOfRange(image, msixAt, image.length));
            commandUnwritten = image[0] != 0;
            if (commandUnwritten) {
                guest.busMaster(true);
            }
            registers.set(INT, BenchRegisters.ID, BenchRegisters.IDENTITY);
            copies.restore(registers.get(LONG, BenchRegisters.COPY_NS), registers.get(INT, BenchRegisters.COPY_STATUS));
        }

        @Override
        public void ring(int vector) {
            long stampIova = registers.get(LONG, BenchRegisters.STAMP_IOVA);
            if (stampIova != 0) {
                try {
                    guest.writeLong(stampIova, System.nanoTime());
                } catch (DmaFault e) {
                    // GUEST: whoever asks for the time where no memory is gets none.
                }
            }
            interrupts.message(vector);
        }

        @Override
        public void copy() {
            copies.run(
                    registers.get(INT, BenchRegisters.COPY_GO),
                    registers.get(LONG, BenchRegisters.COPY_IOVA),
                    registers.get(LONG, BenchRegisters.COPY_BYTES),
                    Integer.toUnsignedLong(registers.get(INT, BenchRegisters.COPY_REPETITIONS)));
            showResult();
        }
    }
}
