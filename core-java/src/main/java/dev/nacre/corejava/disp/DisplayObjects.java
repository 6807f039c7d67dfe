package dev.nacre.corejava.disp;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.DisplayConnector;
import dev.nacre.corejava.gpu.DisplayAccess;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.rm.DisplayParamLayout.AssignSor;
import dev.nacre.hw.rm.DisplayParamLayout.ConnectorData;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayChannelAlloc;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayInstanceMemory;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayPushBuffer;
import dev.nacre.hw.rm.DisplayParamLayout.Edid;
import dev.nacre.hw.rm.DisplayParamLayout.NumHeads;
import dev.nacre.hw.rm.DisplayParamLayout.OrInfo;
import dev.nacre.hw.rm.DisplayParamLayout.Supported;
import dev.nacre.hw.rm.ParamLayout.EventSetNotification;
import dev.nacre.hw.rm.ParamLayout.Nv0005Alloc;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import java.util.ArrayList;
import java.util.List;

/** RM's objects of a display, and what it says of connectors and monitors. Each call waits for the firmware. */
final class DisplayObjects implements AutoCloseable {
    private static final int SPACE_SYSTEM = 1;
    private static final int SPACE_VIDEO = 2;
    private static final int MOST_HEADS = 8;
    private static final int TYPE_SOR = 2;
    private static final int MOST_SORS = AssignSor.SORS;

    private final DisplayAccess access;
    private final RmSession session;
    private final int common;
    private final int root;
    private final int heads;
    private final List<Output> outputs;

    /**
     * A connector and how it is driven.
     *
     * @param displayId RM's bit for it
     * @param protocol of its output resource
     * @param connector what clients know of it
     */
    record Output(int displayId, int protocol, DisplayConnector connector) {}

    /** Makes them in a session, which is closed with them, or if this fails. */
    DisplayObjects(RmSession session, DisplayAccess access) {
        this.session = session;
        this.access = access;
        boolean made = false;
        try {
            common = session.allocate(session.device(), RmClass.NV04_DISPLAY_COMMON.number(), new byte[0]);
            HostileBytes count = ask(RmControl.NV0073_CTRL_CMD_SYSTEM_GET_NUM_HEADS, new WireStruct(NumHeads.BYTES));
            heads = count.intAt(NumHeads.NUM_HEADS);
            count.require(heads > 0 && heads <= MOST_HEADS, heads + " heads");
            outputs = List.copyOf(readOutputs());
            subscribe();
            root = session.allocate(session.device(), access.model().root(), new byte[0]);
            made = true;
        } finally {
            if (!made) {
                session.close();
            }
        }
    }

    private HostileBytes ask(RmControl control, WireStruct parameters) {
        session.control(common, control.number(), parameters.bytes());
        return new HostileBytes(control.name(), parameters.bytes());
    }

    private List<Output> readOutputs() {
        byte[] reply = new byte[Supported.BYTES];
        session.control(common, access.supportedDisplaysControl(), reply);
        int supported = new HostileBytes("supported displays", reply).intAt(Supported.DISPLAY_MASK);
        List<Output> found = new ArrayList<>();
        for (int rest = supported; rest != 0; rest &= rest - 1) {
            int id = Integer.lowestOneBit(rest);
            HostileBytes or = ask(
                    RmControl.NV0073_CTRL_CMD_SPECIFIC_OR_GET_INFO,
                    new WireStruct(OrInfo.BYTES).put32(OrInfo.DISPLAY_ID, id));
            if (or.intAt(OrInfo.TYPE) != TYPE_SOR) {
                // Nothing else is on boards of these generations.
                continue;
            }
            HostileBytes connector = ask(
                    RmControl.NV0073_CTRL_CMD_SPECIFIC_GET_CONNECTOR_DATA,
                    new WireStruct(ConnectorData.BYTES).put32(ConnectorData.DISPLAY_ID, id));
            DisplayConnector.Type type = type(connector.intAt(ConnectorData.TYPE));
            found.add(new Output(
                    id, or.intAt(OrInfo.PROTOCOL), new DisplayConnector(found.size(), type, (1 << heads) - 1)));
        }
        return found;
    }

    // HW: open-gpu-kernel-modules ctrl0073specific.h: NV0073_CTRL_SPECIFIC_CONNECTOR_DATA_TYPE
    private static DisplayConnector.Type type(int number) {
        return switch (number) {
            case 0x00 -> DisplayConnector.Type.VGA;
            case 0x30 -> DisplayConnector.Type.DVI_I;
            case 0x31 -> DisplayConnector.Type.DVI_D;
            case 0x46, 0x48 -> DisplayConnector.Type.DISPLAY_PORT;
            case 0x47 -> DisplayConnector.Type.EMBEDDED_DISPLAY_PORT;
            case 0x61, 0x63 -> DisplayConnector.Type.HDMI_A;
            default -> DisplayConnector.Type.OTHER;
        };
    }

    private void subscribe() {
        int rmClass = RmClass.NV01_EVENT_KERNEL_CALLBACK_EX.number();
        session.allocate(
                session.subdevice(),
                rmClass,
                new WireStruct(Nv0005Alloc.BYTES)
                        .put32(Nv0005Alloc.CLIENT, session.client())
                        .put32(Nv0005Alloc.CLASS, rmClass)
                        .put32(Nv0005Alloc.NOTIFY_INDEX, Nv0005Alloc.HOTPLUG)
                        .bytes());
        session.control(
                session.subdevice(),
                RmControl.NV2080_CTRL_CMD_EVENT_SET_NOTIFICATION.number(),
                new WireStruct(EventSetNotification.BYTES)
                        .put32(EventSetNotification.EVENT, Nv0005Alloc.HOTPLUG)
                        .put32(EventSetNotification.ACTION, EventSetNotification.REPEAT)
                        .bytes());
    }

    /** RM's client. */
    int client() {
        return session.client();
    }

    int heads() {
        return heads;
    }

    List<Output> outputs() {
        return outputs;
    }

    /** The EDID of the monitor on a display; empty if there is none. */
    byte[] edid(int displayId) {
        HostileBytes reply = ask(
                RmControl.NV0073_CTRL_CMD_SPECIFIC_GET_EDID_V2,
                new WireStruct(Edid.BYTES).put32(Edid.DISPLAY_ID, displayId));
        long bytes = reply.uintAt(Edid.BUFFER_SIZE);
        reply.require(bytes <= Edid.BUFFER_BYTES, bytes + " bytes of EDID");
        return reply.copy(Edid.BUFFER, bytes);
    }

    /** Gives a display a SOR. @return its index */
    int assignSor(int displayId) {
        HostileBytes reply = ask(
                RmControl.NV0073_CTRL_CMD_DFP_ASSIGN_SOR,
                new WireStruct(AssignSor.BYTES).put32(AssignSor.DISPLAY_ID, displayId));
        for (int sor = 0; sor < MOST_SORS; sor++) {
            if ((reply.intAt(AssignSor.ASSIGN_LIST + (long) sor * Integer.BYTES) & displayId) != 0) {
                return sor;
            }
        }
        throw new CoreException(CoreError.IO, "No output resource for display 0x" + Integer.toHexString(displayId));
    }

    /** Says where the instance memory lies. */
    void instanceMemory(long address, long bytes) {
        access.control(
                RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_WRITE_INST_MEM.number(),
                new WireStruct(DisplayInstanceMemory.BYTES)
                        .put64(DisplayInstanceMemory.PHYS_ADDR, address)
                        .put64(DisplayInstanceMemory.SIZE, bytes)
                        .put32(DisplayInstanceMemory.ADDR_SPACE, SPACE_VIDEO)
                        .bytes());
    }

    /**
     * Makes a channel that begins at the start of its push buffer.
     *
     * @param pushBuffer bus address of its push buffer; 0 for a cursor, which has none
     * @param bytes of that
     * @return its handle
     */
    int channel(int rmClass, int instance, long pushBuffer, long bytes) {
        boolean has = pushBuffer != 0;
        access.control(
                RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_CHANNEL_PUSHBUFFER.number(),
                new WireStruct(access.pushBufferParametersBytes())
                        .put32(DisplayPushBuffer.ADDRESS_SPACE, has ? SPACE_SYSTEM : 0)
                        .put64(DisplayPushBuffer.PHYSICAL_ADDR, pushBuffer)
                        .put64(DisplayPushBuffer.LIMIT, has ? bytes - 1 : 0)
                        .put32(DisplayPushBuffer.CLASS, rmClass)
                        .put32(DisplayPushBuffer.CHANNEL_INSTANCE, instance)
                        .put8(DisplayPushBuffer.VALID, has ? 1 : 0)
                        .bytes());
        return session.allocate(
                root,
                rmClass,
                new WireStruct(DisplayChannelAlloc.BYTES)
                        .put32(DisplayChannelAlloc.CHANNEL_INSTANCE, instance)
                        .bytes());
    }

    /** Ends a channel. */
    void free(int channel) {
        session.free(channel);
    }

    /** Frees all. */
    @Override
    public void close() {
        session.close();
    }
}
