package dev.nacre.testsupport.driver;

import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.Arena;
import java.util.Random;

/**
 * The device in a driver's hands: its regions, its interrupts, and the system memory that it may reach. One thread.
 */
final class Device implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();

    final Chip chip;
    final GpuTransport transport;
    final Check check;
    final Random random;
    final ConfigSpace config;
    final RegionView bar0;
    final RegionView bar1;

    /** PCI region 3, which RM and drivers call BAR2. */
    final RegionView bar2;

    final Registers registers;
    final Pramin pramin;
    final InterruptTree interrupts;
    final SystemMemory memory;

    Device(GpuTransport transport, Chip chip, long systemMemoryBytes, Random random, Check check) {
        this.transport = transport;
        this.chip = chip;
        this.check = check;
        this.random = random;
        this.config = new ConfigSpace(transport, new RegionView(transport, PciFunction.CONFIG_REGION, arena), check);
        this.bar0 = new RegionView(transport, 0, arena);
        this.bar1 = new RegionView(transport, 1, arena);
        this.bar2 = new RegionView(transport, 3, arena);
        this.registers = new Registers(bar0, check);
        this.pramin = new Pramin(bar0, registers);
        this.interrupts = new InterruptTree(registers, check);
        this.memory = new SystemMemory(transport, systemMemoryBytes, random);
    }

    /** Random bytes. */
    byte[] noise(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        transport.unbindMessages();
        interrupts.close();
        memory.close();
        arena.close();
    }
}
