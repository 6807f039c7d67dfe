package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.RpcLayout.Alloc;
import dev.nacre.hw.gsp.RpcLayout.Control;
import dev.nacre.hw.gsp.RpcLayout.Free;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RpcFunction;

/** A client of RM: the calls that make, control and free its objects. One thread. */
final class RmClient {
    private static final int FREE_BYTES = 0x10;
    private static final int FREE_PARENT = 0x04;

    private final Rpc rpc;
    private final int client;
    private final Check check;

    /** A client by its handle, whether made already or to be made. */
    RmClient(Rpc rpc, int client, Check check) {
        this.rpc = rpc;
        this.client = client;
        this.check = check;
    }

    int handle() {
        return client;
    }

    /** Makes an object. @return the parameters as they come back */
    Words allocate(int parent, int object, int classNumber, Words params) {
        Words reply = tryAllocate(parent, object, classNumber, params);
        check.equal("status of allocating class " + Check.hex(classNumber), 0, reply.intAt(Alloc.STATUS));
        return new Words(reply.bytesAt(Alloc.PARAMS, params.size()));
    }

    /** Tries to make an object that must be refused. @return the status */
    int allocateRefused(int parent, int object, int classNumber, Words params) {
        int status = tryAllocate(parent, object, classNumber, params).intAt(Alloc.STATUS);
        check.differ("status of an impossible allocation of class " + Check.hex(classNumber), 0, status);
        return status;
    }

    private Words tryAllocate(int parent, int object, int classNumber, Words params) {
        Words call = new Words(Alloc.PARAMS + params.size());
        call.putInt(Alloc.CLIENT, client);
        call.putInt(Alloc.PARENT, parent);
        call.putInt(Alloc.OBJECT, object);
        call.putInt(Alloc.CLASS, classNumber);
        call.putInt(Alloc.STATUS, -1);
        call.putInt(Alloc.PARAMS_SIZE, params.size());
        call.putBytes(Alloc.PARAMS, params.bytes());
        Words reply = rpc.attempt(RpcFunction.GSP_RM_ALLOC, call.bytes(), Alloc.STATUS);
        check.equal("client of the allocation's reply", client, reply.intAt(Alloc.CLIENT));
        check.equal("object of the allocation's reply", object, reply.intAt(Alloc.OBJECT));
        check.equal("class of the allocation's reply", classNumber, reply.intAt(Alloc.CLASS));
        check.equal("parameter size of the allocation's reply", params.size(), reply.intAt(Alloc.PARAMS_SIZE));
        return reply;
    }

    /** Controls an object. @return the parameters as they come back */
    Words control(int object, RmControl command, Words params) {
        return control(object, command.number(), params, 0);
    }

    /** Sends any command, which must end with a status. @return the parameters as they come back */
    Words control(int object, int command, Words params, int status) {
        Words reply = tryControl(object, command, params);
        check.equal("status of " + RmControl.nameOf(command), status, reply.intAt(Control.STATUS));
        return new Words(reply.bytesAt(Control.PARAMS, params.size()));
    }

    /** Sends a command that must be refused. */
    void controlRefused(int object, RmControl command, Words params) {
        check.differ(
                "status of an impossible " + command,
                0,
                tryControl(object, command.number(), params).intAt(Control.STATUS));
    }

    private Words tryControl(int object, int command, Words params) {
        Words call = new Words(Control.PARAMS + params.size());
        call.putInt(Control.CLIENT, client);
        call.putInt(Control.OBJECT, object);
        call.putInt(Control.COMMAND, command);
        call.putInt(Control.STATUS, -1);
        call.putInt(Control.PARAMS_SIZE, params.size());
        call.putBytes(Control.PARAMS, params.bytes());
        Words reply = rpc.attempt(RpcFunction.GSP_RM_CONTROL, call.bytes(), Control.STATUS);
        check.equal("object of the control's reply", object, reply.intAt(Control.OBJECT));
        check.equal("command of the control's reply", command, reply.intAt(Control.COMMAND));
        check.equal("parameter size of the control's reply", params.size(), reply.intAt(Control.PARAMS_SIZE));
        return reply;
    }

    /** Frees an object and all under it. */
    void free(int parent, int object) {
        Words call = new Words(FREE_BYTES);
        call.putInt(Free.CLIENT, client);
        call.putInt(FREE_PARENT, parent);
        call.putInt(Free.OBJECT, object);
        call.putInt(Free.STATUS, -1);
        check.equal(
                "status of freeing " + Check.hex(object),
                0,
                rpc.call(RpcFunction.FREE, call.bytes()).intAt(Free.STATUS));
    }
}
