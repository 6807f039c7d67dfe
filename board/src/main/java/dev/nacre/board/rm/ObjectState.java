package dev.nacre.board.rm;

import dev.nacre.board.disp.DisplayControl;
import dev.nacre.board.host.ChannelControl;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** What an object knows beyond its place in the tree. GSP's engine thread. */
sealed interface ObjectState {
    /** Puts what {@code ObjectStates.restore} needs. */
    void save(StateWriter out);

    /** Nothing. */
    record None() implements ObjectState {
        @Override
        public void save(StateWriter out) {}
    }

    /**
     * The page directory of an address space, or of a device's default one. A driver gives it by name; before, or
     * instead, it may have shared directories with the firmware, the root among them.
     */
    final class PageDirectory implements ObjectState, LongSupplier {
        private long given = ChannelControl.NO_PAGE_DIRECTORY;
        private long shared = ChannelControl.NO_PAGE_DIRECTORY;

        PageDirectory() {}

        PageDirectory(StateReader in) {
            given = in.longValue("given");
            shared = in.longValue("shared");
        }

        /** Sets what a driver gave, or takes it. */
        void give(long address) {
            given = address;
        }

        /** Sets the root that driver and firmware share. */
        void share(long address) {
            shared = address;
        }

        @Override
        public long getAsLong() {
            return given != ChannelControl.NO_PAGE_DIRECTORY ? given : shared;
        }

        @Override
        public void save(StateWriter out) {
            out.put("given", given);
            out.put("shared", shared);
        }
    }

    /**
     * A channel group or a context share: what a channel under it inherits.
     *
     * @param vaSpace handle of the address space, 0 for none
     * @param engineType NV2080_ENGINE_TYPE, 0 for none
     */
    record Inherited(int vaSpace, int engineType) implements ObjectState {
        @Override
        public void save(StateWriter out) {
            out.put("vaSpace", vaSpace);
            out.put("engineType", engineType);
        }
    }

    /**
     * A channel.
     *
     * @param hostHandle the host engine's name for it
     * @param channelId as in its doorbell token
     * @param vaSpace handle of the object that has its page directory, 0 for none
     */
    record Channel(long hostHandle, int channelId, int vaSpace) implements ObjectState {
        @Override
        public void save(StateWriter out) {
            out.put("hostHandle", hostHandle);
            out.put("channelId", channelId);
            out.put("vaSpace", vaSpace);
        }
    }

    /**
     * A display channel.
     *
     * @param channel which
     */
    record DisplayChannel(DisplayControl.Channel channel) implements ObjectState {
        @Override
        public void save(StateWriter out) {
            out.put("instance", channel.instance());
        }
    }

    /**
     * An event.
     *
     * @param notifyIndex NV2080_NOTIFIERS_*
     */
    record Event(int notifyIndex) implements ObjectState {
        @Override
        public void save(StateWriter out) {
            out.put("notifyIndex", notifyIndex);
        }
    }

    /** A subdevice: which notifications are armed. */
    final class Notifications implements ObjectState {
        /** Kinds of notifications that one subdevice may have armed. */
        static final int MAX = 256;

        private final Map<Integer, Integer> actions = new TreeMap<>();

        Notifications() {}

        Notifications(StateReader in) {
            int[] pairs = new int[in.bytes("actions").length / Integer.BYTES];
            in.ints("actions", pairs);
            for (int i = 0; i + 1 < pairs.length; i += 2) {
                actions.put(pairs[i], pairs[i + 1]);
            }
        }

        /** Arms or disarms; false if there are too many. */
        boolean arm(int notifyIndex, int action) {
            if (action == 0) {
                actions.remove(notifyIndex);
                return true;
            }
            if (actions.size() >= MAX && !actions.containsKey(notifyIndex)) {
                return false;
            }
            actions.put(notifyIndex, action);
            return true;
        }

        /** NV2080_CTRL_EVENT_SET_NOTIFICATION_ACTION_*. */
        int action(int notifyIndex) {
            return actions.getOrDefault(notifyIndex, 0);
        }

        @Override
        public void save(StateWriter out) {
            int[] pairs = new int[2 * actions.size()];
            int i = 0;
            for (Map.Entry<Integer, Integer> action : actions.entrySet()) {
                pairs[i++] = action.getKey();
                pairs[i++] = action.getValue();
            }
            out.put("actions", pairs);
        }
    }
}
