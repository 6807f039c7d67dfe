package dev.nacre.core;

import java.util.OptionalLong;

/** Something that an attached client is told. All but {@link DriverStart} and {@link DriverEnd} go to every client. */
public sealed interface CoreEvent {
    /** Which of them. */
    EventKind kind();

    /** The attachment can be used. The first event of each. */
    record DriverStart() implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.DRIVER_START;
        }
    }

    /**
     * The GPU is about to have another number of virtual functions, or, for 0, has lost the last.
     *
     * @param count how many
     */
    record SriovConfigure(int count) implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.SRIOV_CONFIGURE;
        }
    }

    /** The core loses the GPU: detach, at once. The GPU may have gone already. */
    record DriverUnbind() implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.DRIVER_UNBIND;
        }
    }

    /** The attachment cannot be used any more. The last event of each. */
    record DriverEnd() implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.DRIVER_END;
        }
    }

    /**
     * A channel exists.
     *
     * @param channelId its id
     */
    record ChannelStart(int channelId) implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.CHANNEL_START;
        }
    }

    /**
     * A channel has reached a method that asks for an interrupt, at least once since the last such event.
     *
     * @param channelId its id
     */
    record FifoNonstall(int channelId) implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.FIFO_NONSTALL;
        }
    }

    /**
     * A channel no longer exists.
     *
     * @param channelId its id
     */
    record ChannelEnd(int channelId) implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.CHANNEL_END;
        }
    }

    /** The host is about to sleep: submit nothing until {@link Resume}. */
    record Suspend() implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.SUSPEND;
        }
    }

    /** The host is awake, and the GPU is as before. */
    record Resume() implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.RESUME;
        }
    }

    /**
     * A channel failed, and does nothing more; what it had not finished never ends.
     *
     * @param channelId its id
     * @param cause what kind of failure
     * @param address the virtual address, for {@link FaultCause#MMU}
     */
    record Fault(int channelId, FaultCause cause, OptionalLong address) implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.FAULT;
        }
    }

    /**
     * A virtual GPU's plugin has something to say.
     *
     * @param vfIndex the virtual function that shows the virtual GPU, from 0
     * @param index what, by the firmware's numbers
     */
    record VgpuNotice(int vfIndex, int index) implements CoreEvent {
        @Override
        public EventKind kind() {
            return EventKind.VGPU_NOTICE;
        }
    }
}
