package dev.nacre.board.rm;

import dev.nacre.board.disp.DisplayControl;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.rm.ObjectState.Channel;
import dev.nacre.board.rm.ObjectState.DisplayChannel;
import dev.nacre.board.rm.ObjectState.Event;
import dev.nacre.board.rm.ObjectState.Inherited;
import dev.nacre.board.rm.ObjectState.Notifications;
import dev.nacre.board.rm.ObjectState.PageDirectory;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.rm.RmStatus;
import java.util.Objects;

/** Saves and restores the tree of objects. */
final class StateSaver {
    private final ClassTable classes;
    private final ChannelObjects channels;
    private final DisplayObjects displayChannels;

    StateSaver(ClassTable classes, ChannelObjects channels, DisplayObjects displayChannels) {
        this.classes = classes;
        this.channels = channels;
        this.displayChannels = displayChannels;
    }

    static void save(ObjectTree tree, StateWriter out) {
        int i = 0;
        for (ObjectTree.Client client : tree.clients()) {
            for (RmObject object : client.objects()) {
                StateWriter group = new StateWriter();
                RmObject parent = object.parent();
                group.put("client", client.handle());
                group.put("handle", object.handle());
                group.put("parent", parent == null ? 0 : parent.handle());
                group.put("class", object.type().number());
                object.state().save(group);
                out.put("object" + i++, group);
            }
        }
        out.put("objects", i);
    }

    void restore(ObjectTree tree, StateReader in) {
        int count = in.intValue("objects");
        if (count < 0 || count > ObjectTree.MAX_OBJECTS) {
            throw new StateException("Saved number of objects is impossible: objects=" + count);
        }
        for (int i = 0; i < count; i++) {
            restoreObject(tree, in.group("object" + i));
        }
        for (ObjectTree.Client client : tree.clients()) {
            for (RmObject object : client.objects()) {
                switch (object.state()) {
                    case Channel channel -> channels.restore(channel);
                    case DisplayChannel channel -> displayChannels.restore(channel);
                    case PageDirectory d -> {}
                    case Inherited n -> {}
                    case Event e -> {}
                    case Notifications n -> {}
                    case ObjectState.None n -> {}
                }
            }
        }
    }

    private void restoreObject(ObjectTree tree, StateReader in) {
        int number = in.intValue("class");
        int handle = in.intValue("handle");
        ClassTable.Entry type = classes.find(number);
        if (type == null) {
            throw new StateException("Saved object has an unknown class: class=0x" + Integer.toHexString(number));
        }
        ObjectState state = state(type, in);
        ObjectTree.Client client = tree.client(in.intValue("client"));
        if (client == null) {
            check(tree.mayAddClient(handle), handle);
            tree.addClient(new RmObject(handle, type, null, state));
            return;
        }
        RmObject parent = client.find(in.intValue("parent"));
        if (parent == null) {
            throw new StateException("Saved object has no parent: handle=0x" + Integer.toHexString(handle));
        }
        check(tree.mayAdd(client, parent, handle, type), handle);
        tree.add(client, new RmObject(handle, type, parent, state));
    }

    private static void check(RmStatus status, int handle) {
        if (status != RmStatus.NV_OK) {
            throw new StateException(
                    "Saved object is impossible: handle=0x" + Integer.toHexString(handle) + " status=" + status);
        }
    }

    private ObjectState state(ClassTable.Entry type, StateReader in) {
        return switch (type.kind()) {
            case DEVICE, VA_SPACE -> new PageDirectory(in);
            case SUBDEVICE -> new Notifications(in);
            case CHANNEL_GROUP, CONTEXT_SHARE -> new Inherited(in.intValue("vaSpace"), in.intValue("engineType"));
            case CHANNEL -> channel(in);
            case DISPLAY_CHANNEL -> {
                ChannelKind kind = Objects.requireNonNull(type.displayChannel());
                yield new DisplayChannel(new DisplayControl.Channel(kind, in.intValue("instance")));
            }
            case EVENT -> new Event(in.intValue("notifyIndex"));
            case CLIENT, CHANNEL_OBJECT, DISPLAY_COMMON, DISPLAY, MEMORY, OTHER -> new ObjectState.None();
        };
    }

    private Channel channel(StateReader in) {
        int id = in.intValue("channelId");
        if (id < 0 || id >= channels.limit()) {
            throw new StateException("Saved channel id is impossible: channelId=" + id);
        }
        return new Channel(in.longValue("hostHandle"), id, in.intValue("vaSpace"));
    }
}
