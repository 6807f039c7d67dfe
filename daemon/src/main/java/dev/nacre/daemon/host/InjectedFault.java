package dev.nacre.daemon.host;

/** A fault that is made to happen, to see what drivers, VMMs and operators do about it. */
public sealed interface InjectedFault {
    /** In one word: {@code xid}, {@code unplug}, {@code stalled-gsp}, {@code page-fault}, {@code gpu-lost}. */
    default String label() {
        return switch (this) {
            case Xid it -> "xid";
            case Unplug it -> "unplug";
            case StalledGsp it -> "stalled-gsp";
            case PageFault it -> "page-fault";
            case GpuLost it -> "gpu-lost";
        };
    }

    /**
     * The firmware tells the guest's driver of an error, as of a channel.
     *
     * @param number which error, 1 to 255
     * @param text what it says in the driver's log
     */
    record Xid(int number, String text) implements InjectedFault {}

    /** The device goes: the VMM loses its connection. A reset brings it back. */
    record Unplug() implements InjectedFault {}

    /**
     * The firmware answers the guest no more, or again.
     *
     * @param stalled whether it is silent from now on
     */
    record StalledGsp(boolean stalled) implements InjectedFault {}

    /** The guest's newest channel faults at an address that has no page, and ends as after any such fault. */
    record PageFault() implements InjectedFault {}

    /** The GPU falls off the bus: the guest reads all-ones. A reset brings it back. */
    record GpuLost() implements InjectedFault {}
}
