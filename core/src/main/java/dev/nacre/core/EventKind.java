package dev.nacre.core;

/** The kinds of {@link CoreEvent}. Those below 16 have the numbers of the Linux kernel's proposed interface. */
public enum EventKind {
    /** {@link CoreEvent.DriverStart}. */
    DRIVER_START(0),
    /** {@link CoreEvent.SriovConfigure}. */
    SRIOV_CONFIGURE(1),
    /** {@link CoreEvent.DriverUnbind}. */
    DRIVER_UNBIND(2),
    /** {@link CoreEvent.DriverEnd}. */
    DRIVER_END(3),
    /** {@link CoreEvent.ChannelStart}. */
    CHANNEL_START(4),
    /** {@link CoreEvent.FifoNonstall}. */
    FIFO_NONSTALL(5),
    /** {@link CoreEvent.ChannelEnd}. */
    CHANNEL_END(6),
    /** {@link CoreEvent.Suspend}. */
    SUSPEND(16),
    /** {@link CoreEvent.Resume}. */
    RESUME(17),
    /** {@link CoreEvent.Fault}. */
    FAULT(18),
    /** {@link CoreEvent.VgpuNotice}. */
    VGPU_NOTICE(19);

    private final int number;

    EventKind(int number) {
        this.number = number;
    }

    /** Its number in {@code nacre_core.h}. */
    public int number() {
        return number;
    }
}
