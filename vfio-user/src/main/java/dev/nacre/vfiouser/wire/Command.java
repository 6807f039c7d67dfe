package dev.nacre.vfiouser.wire;

import org.jspecify.annotations.Nullable;

/** The commands of vfio-user by their names in the specification. */
public enum Command {
    // HW: the vfio-user specification, "VFIO-user messages"
    /** Agree on version and limits; comes first. */
    VERSION(1),
    /** The client's memory becomes reachable. */
    DMA_MAP(2),
    /** The client's memory goes away. */
    DMA_UNMAP(3),
    /** What kind of device, how many regions and interrupts. */
    DEVICE_GET_INFO(4),
    /** Size and access of a region. */
    DEVICE_GET_REGION_INFO(5),
    /** Descriptors by which parts of a region can be accessed. */
    DEVICE_GET_REGION_IO_FDS(6),
    /** Number and abilities of a kind of interrupt. */
    DEVICE_GET_IRQ_INFO(7),
    /** Bind, unbind, mask, unmask or fire interrupts. */
    DEVICE_SET_IRQS(8),
    /** Read a region. */
    REGION_READ(9),
    /** Write a region. */
    REGION_WRITE(10),
    /** Server to client: read the client's memory. */
    DMA_READ(11),
    /** Server to client: write the client's memory. */
    DMA_WRITE(12),
    /** Reset the device. */
    DEVICE_RESET(13),
    /** Dirty page tracking of an older specification. */
    DIRTY_PAGES(14),
    /** Several small writes at once. */
    REGION_WRITE_MULTI(15),
    /** Optional features of a device, such as migration. */
    DEVICE_FEATURE(16),
    /** Read a piece of the device's state. */
    MIG_DATA_READ(17),
    /** Write a piece of the device's state. */
    MIG_DATA_WRITE(18);

    private static final @Nullable Command[] BY_NUMBER = byNumber();

    private final int number;

    Command(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** Finds a command by its number; null if there is none. */
    public static @Nullable Command of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    private static @Nullable Command[] byNumber() {
        @Nullable Command[] table = new @Nullable Command[values().length + 1];
        for (Command command : values()) {
            table[command.number] = command;
        }
        return table;
    }
}
