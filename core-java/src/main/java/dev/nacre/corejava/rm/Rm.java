package dev.nacre.corejava.rm;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.gsp.Rpc;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.gsp.RpcLayout.Alloc;
import dev.nacre.hw.gsp.RpcLayout.Control;
import dev.nacre.hw.gsp.RpcLayout.Free;
import dev.nacre.hw.gsp.RpcLayout.SetPageDirectory;
import dev.nacre.hw.rm.ParamLayout;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.rm.RpcFunction;

/**
 * The calls that make, control and free RM's objects. Any thread; each waits for the reply. What RM refuses is a
 * {@link CoreException} with {@link CoreError#IO} that names RM's status.
 */
public final class Rm {
    /** Longest parameters: 256 times what one record holds. */
    private static final int MAX_PARAMETERS = 256 * QueueLayout.MAX_RPC_BYTES;

    private final Rpc rpc;

    /** RM behind calls. */
    public Rm(Rpc rpc) {
        this.rpc = rpc;
    }

    /**
     * Makes an object.
     *
     * @param parameters of the class; changed to what comes back
     */
    public void allocate(int client, int parent, int object, int rmClass, byte[] parameters) {
        WireStruct call = call(Alloc.PARAMS, parameters);
        call.put32(Alloc.CLIENT, client);
        call.put32(Alloc.PARENT, parent);
        call.put32(Alloc.OBJECT, object);
        call.put32(Alloc.CLASS, rmClass);
        call.put32(Alloc.PARAMS_SIZE, parameters.length);
        HostileBytes reply = rpc.attempt(RpcFunction.GSP_RM_ALLOC, call.bytes());
        check("allocation of class 0x" + Integer.toHexString(rmClass), reply.intAt(Alloc.STATUS));
        giveBack(reply, Alloc.PARAMS, parameters);
    }

    /**
     * Controls an object.
     *
     * @param parameters changed to what comes back
     */
    public void control(int client, int object, int command, byte[] parameters) {
        int status = tryControl(client, object, command, parameters);
        check(RmControl.nameOf(command), status);
    }

    /** As {@link #control}, but gives RM's status back; 0 for success. */
    public int tryControl(int client, int object, int command, byte[] parameters) {
        WireStruct call = call(Control.PARAMS, parameters);
        call.put32(Control.CLIENT, client);
        call.put32(Control.OBJECT, object);
        call.put32(Control.COMMAND, command);
        call.put32(Control.PARAMS_SIZE, parameters.length);
        HostileBytes reply = rpc.attempt(RpcFunction.GSP_RM_CONTROL, call.bytes());
        giveBack(reply, Control.PARAMS, parameters);
        return reply.intAt(Control.STATUS);
    }

    /** Frees an object and all under it. What the GSP has said of it before has been delivered when this returns. */
    public void free(int client, int object) {
        WireStruct call = new WireStruct(Free.BYTES);
        call.put32(Free.CLIENT, client);
        call.put32(Free.OBJECT, object);
        check("free", rpc.attempt(RpcFunction.FREE, call.bytes()).intAt(Free.STATUS));
        rpc.awaitDelivery();
    }

    /** Gives an address space its page directory, in the GPU's memory. */
    public void setPageDirectory(int client, int device, int vaSpace, long pageDirectory, int entries) {
        WireStruct call = new WireStruct(SetPageDirectory.PARAMS + ParamLayout.SetPageDirectory.BYTES);
        call.put32(SetPageDirectory.CLIENT, client);
        call.put32(SetPageDirectory.DEVICE, device);
        int parameters = SetPageDirectory.PARAMS;
        call.put64(parameters + ParamLayout.SetPageDirectory.PHYS_ADDRESS, pageDirectory);
        call.put32(parameters + ParamLayout.SetPageDirectory.NUM_ENTRIES, entries);
        call.put32(parameters + ParamLayout.SetPageDirectory.VA_SPACE, vaSpace);
        rpc.call(RpcFunction.SET_PAGE_DIRECTORY, call.bytes());
    }

    private static WireStruct call(int header, byte[] parameters) {
        if (parameters.length > MAX_PARAMETERS) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Parameters are too long: bytes=" + parameters.length + " allowed=" + MAX_PARAMETERS);
        }
        return new WireStruct(header + parameters.length).put(header, parameters);
    }

    private static void giveBack(HostileBytes reply, int header, byte[] parameters) {
        System.arraycopy(reply.copy(header, parameters.length), 0, parameters, 0, parameters.length);
    }

    private static void check(String what, int status) {
        if (status != 0) {
            throw new CoreException(CoreError.IO, "RM refuses " + what + ": status=" + name(status));
        }
    }

    private static String name(int code) {
        for (RmStatus status : RmStatus.values()) {
            if (status.code() == code) {
                return status.name();
            }
        }
        return "0x" + Integer.toHexString(code);
    }
}
