package dev.nacre.samples;

import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A digital I/O card with 16 outputs and 16 inputs, as Linux' driver {@code gpio-pci-idio-16} knows it: ACCES I/O's
 * PCI-IDIO-16. Output n is wired to input n; an input that changes asserts the interrupt line.
 *
 * <pre>
 *   BAR2, I/O ports      read                      write
 *   0                    outputs 0-7               outputs 0-7
 *   1                    inputs 0-7                acknowledge the interrupt
 *   2                    enable the interrupt      disable the interrupt
 *   3                    filter the inputs         do not filter them
 *   4                    outputs 8-15              outputs 8-15
 *   5                    inputs 8-15               -
 *   6                    interrupt status          -
 * </pre>
 *
 * <p>The filters have no effect here: nothing bounces.
 */
public final class GpioCard implements PciFunction {
    // HW: Linux drivers/gpio/gpio-pci-idio-16.c (ids, the BAR) and gpio-idio-16.c (the registers).
    private static final int VENDOR_ID = 0x494f;
    private static final int DEVICE_ID = 0x0dc8;
    private static final int BAR = 2;
    private static final int BAR_BYTES = 8;
    private static final int OUTPUTS_LOW = 0;
    private static final int INPUTS_LOW = 1;
    private static final int ACKNOWLEDGE = 1;
    private static final int INTERRUPT = 2;
    private static final int OUTPUTS_HIGH = 4;
    private static final int INPUTS_HIGH = 5;
    private static final int STATUS = 6;

    // HW: the driver of Linux up to 6.3 takes an interrupt for the card's if bit 2 and one of the lower two are set.
    private static final int STATUS_LOW_CHANGED = 0x1;
    private static final int STATUS_HIGH_CHANGED = 0x2;
    private static final int STATUS_PENDING = 0x4;

    // HW: PCI Code and ID Assignment Specification: base system peripheral, other.
    private static final int CLASS_OTHER_PERIPHERAL = 0x088000;

    private static final int LOW = 0x00ff;
    private static final int HIGH = 0xff00;
    private static final byte ALL_ONES = (byte) 0xff;

    private final Interrupts interrupts = new Interrupts(1, 0, 0, 0, 0);
    private final GuestMemory memory = new GuestMemory();
    private final ConfigSpace config = ConfigSpace.builder(VENDOR_ID, DEVICE_ID)
            .classCode(CLASS_OTHER_PERIPHERAL)
            .bar(BAR, Bar.io(BAR_BYTES))
            .build(interrupts, memory, new ConfigListener() {
                @Override
                public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {}

                @Override
                public void functionLevelReset() {}
            });

    private int outputs;
    private boolean enabled;
    private int status;

    /** Makes a card, at reset. */
    public GpioCard() {}

    @Override
    public Region region(int index) {
        return config.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        if (region == CONFIG_REGION) {
            config.read(offset, dst, dstOffset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            byte value = config.ioDecoded() ? port((int) offset + i) : ALL_ONES;
            dst.set(ValueLayout.JAVA_BYTE, dstOffset + i, value);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        if (region == CONFIG_REGION) {
            config.write(offset, src, srcOffset, count);
            return;
        }
        for (int i = 0; i < count && config.ioDecoded(); i++) {
            port((int) offset + i, src.get(ValueLayout.JAVA_BYTE, srcOffset + i) & 0xff);
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
        config.reset();
        outputs = 0;
        enabled = false;
        acknowledge();
    }

    @Override
    public void disconnected() {}

    private byte port(int number) {
        int value = switch (number) {
            case OUTPUTS_LOW, INPUTS_LOW -> outputs;
            case OUTPUTS_HIGH, INPUTS_HIGH -> outputs >> 8;
            case STATUS -> status;
            default -> 0;
        };
        enabled |= number == INTERRUPT;
        // CAST: a port has eight bits
        return (byte) value;
    }

    private void port(int number, int value) {
        switch (number) {
            case OUTPUTS_LOW -> drive((outputs & HIGH) | value);
            case OUTPUTS_HIGH -> drive((outputs & LOW) | value << 8);
            case ACKNOWLEDGE -> acknowledge();
            case INTERRUPT -> enabled = false;
            default -> {}
        }
    }

    /** Sets the outputs; the inputs follow. */
    private void drive(int next) {
        int changed = outputs ^ next;
        outputs = next;
        if (enabled && changed != 0) {
            status |= STATUS_PENDING;
            status |= (changed & LOW) != 0 ? STATUS_LOW_CHANGED : 0;
            status |= (changed & HIGH) != 0 ? STATUS_HIGH_CHANGED : 0;
            interrupts.line(true);
        }
    }

    private void acknowledge() {
        status = 0;
        interrupts.line(false);
    }
}
