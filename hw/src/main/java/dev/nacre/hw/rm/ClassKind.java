package dev.nacre.hw.rm;

/** What role the objects of a class play in RM's tree, which decides where they may hang. */
public enum ClassKind {
    /** A client: the root of one tree. */
    CLIENT,
    /** A device under a client. */
    DEVICE,
    /** A subdevice under a device. */
    SUBDEVICE,
    /** An address space under a device. */
    VA_SPACE,
    /** A group of channels under a device. */
    CHANNEL_GROUP,
    /** A share of a group's address space. */
    CONTEXT_SHARE,
    /** A channel under a device or a group. */
    CHANNEL,
    /** What a channel's methods address: an engine object. */
    CHANNEL_OBJECT,
    /** Display controls under a device. */
    DISPLAY_COMMON,
    /** The display engine under a device. */
    DISPLAY,
    /** A display channel under the display engine. */
    DISPLAY_CHANNEL,
    /** A wish to be told of something, under what it is about. */
    EVENT,
    /** Memory under a device. */
    MEMORY,
    /** Bookkeeping only; under anything but a client. */
    OTHER;

    /** Whether an object of this kind may hang under one of another. */
    public boolean mayHangUnder(ClassKind parent) {
        return switch (this) {
            case CLIENT -> false;
            case DEVICE -> parent == CLIENT;
            case SUBDEVICE, VA_SPACE, CHANNEL_GROUP, DISPLAY_COMMON, DISPLAY -> parent == DEVICE;
            case CONTEXT_SHARE -> parent == CHANNEL_GROUP;
            case CHANNEL -> parent == DEVICE || parent == CHANNEL_GROUP;
            case CHANNEL_OBJECT -> parent == CHANNEL;
            case DISPLAY_CHANNEL -> parent == DISPLAY;
            case MEMORY -> parent == DEVICE || parent == SUBDEVICE || parent == CLIENT;
            case EVENT -> parent != EVENT;
            case OTHER -> parent != EVENT;
        };
    }
}
